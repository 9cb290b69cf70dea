"""The six groups that the national portal shows, and the bands of totals; alike in every version so far.

By law there are five groups: online services and online payment are one of 22 points.
"""

from typing import Final

from streams.core.indicators.records import Band, Group

GROUPS: Final = (
    Group("CKMB", "Công khai, minh bạch", "Publicity and transparency", 18),
    Group("TDGQ", "Tiến độ, kết quả giải quyết", "Progress and results", 20),
    Group("CLGQ", "Dịch vụ công trực tuyến", "Online services", 12),
    Group("TTTT", "Thanh toán trực tuyến", "Online payment", 10),
    Group("MDSH", "Số hóa hồ sơ", "Digitisation", 22),
    Group("MDHL", "Mức độ hài lòng", "Satisfaction", 18),
)
BANDS: Final = (
    Band("excellent", 90, "xuất sắc", "excellent"),
    Band("good", 80, "tốt", "good"),
    Band("fair", 70, "khá", "fair"),
    Band("average", 50, "trung bình", "average"),
    Band("weak", 0, "yếu", "weak"),
)
