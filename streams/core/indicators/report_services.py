"""Report indicators of service: payment, the chain of digitisation, satisfaction, petitions, coverage."""

from typing import Final

from streams.core.indicators.records import Amount, Indicator, Merge
from streams.core.indicators.report_forms import FINISHED, RECEIVED, count, procedures, share
from streams.core.register import Level

DIGITAL: Final = (
    share(
        "cashless",
        "payment",
        ("Tỷ lệ không dùng tiền mặt", "cashless"),
        (Amount(("paid_cashless",)), Amount(("paid",))),
        "cashless ÷ paid",
    ),
    share(
        "identified",
        "payment",
        ("Tỷ lệ định danh điện tử", "e-identified"),
        (Amount(("identified",)), RECEIVED),
        "e-identified ÷ received",
    ),
    count("chain_received", "digital", ("Bước 1: tiếp nhận", "step 1: received"), RECEIVED, "dossiers received"),
    share(
        "chain_digitised",
        "digital",
        ("Bước 2: số hóa", "step 2: digitised"),
        (Amount(("digitised",)), RECEIVED),
        "digitised ÷ received",
    ),
    share(
        "chain_result",
        "digital",
        ("Bước 3: kết quả điện tử", "step 3: electronic result"),
        (Amount(("result_issued",)), RECEIVED),
        "with electronic result ÷ received",
    ),
    share(
        "chain_stored",
        "digital",
        ("Bước 4: lưu kho dữ liệu", "step 4: stored"),
        (Amount(("linked",)), RECEIVED),
        "linked to the citizen's data store ÷ received",
    ),
    share(
        "chain_reused",
        "digital",
        ("Bước 5: tái sử dụng", "step 5: reused"),
        (Amount(("reused",)), RECEIVED),
        "reused ÷ received",
    ),
)

SERVICE: Final = (
    procedures(
        "five_on_the_spot",
        "service",
        ("Thủ tục thực hiện 5 tại chỗ", "procedures served five on the spot"),
        ("procedures_five_on_the_spot", "procedures_used"),
        "with a dossier received, appraised, approved, stamped and returned at the centre ÷ with a dossier",
    ),
    share(
        "satisfied",
        "service",
        ("Tỷ lệ hài lòng", "satisfied"),
        (Amount(("rated_satisfied",)), Amount(("rated",))),
        "rated 4 or 5 ÷ rated",
    ),
    share(
        "response", "service", ("Tỷ lệ đánh giá", "response rate"), (Amount(("rated",)), FINISHED), "rated ÷ finished"
    ),
    count(
        "petitions_service",
        "service",
        ("Phản ánh về đi lại, thái độ", "petitions about trips or behaviour"),
        Amount(("petitions_trips", "petitions_behaviour")),
        "petitions about extra trips or behaviour; compare with the period before",
    ),
    share(
        "petitions_service_share",
        "service",
        ("Tỷ lệ phản ánh về đi lại, thái độ", "share of petitions about trips or behaviour"),
        (Amount(("petitions_trips", "petitions_behaviour")), Amount(("petitions",))),
        "about extra trips or behaviour ÷ petitions",
    ),
    share(
        "apologised",
        "service",
        ("Tỷ lệ xin lỗi", "apologised"),
        (Amount(("apologised",)), Amount(("late", "open_overdue"))),
        "apologised ÷ late, ended or open",
    ),
    share(
        "returned_by_post",
        "service",
        ("Trả kết quả qua bưu chính", "returned by post"),
        (Amount(("returned_by_post",)), FINISHED),
        "returned by post ÷ finished",
    ),
    Indicator(
        id="connected",
        group="coverage",
        vi="Đơn vị kết nối",
        en="units connected",
        numerator=Amount(("units_connected",)),
        denominator=Amount(("units",)),
        merge=Merge.UNITS,
        levels=(Level.COUNTRY, Level.PROVINCE),
        formula="units of which a dossier came in or ended ÷ units registered",
    ),
)
