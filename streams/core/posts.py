"""Posts that may act on a dossier: a post, never a person."""

from typing import Final

import msgspec


class Post(msgspec.Struct, frozen=True):
    """One post: its code on the command line and in records, and its names."""

    code: str
    vi: str
    en: str


POSTS: Final = (
    Post("desk", "Bộ phận Một cửa", "one-stop desk"),
    Post("officer", "công chức thụ lý", "officer in charge"),
    Post("head", "lãnh đạo phòng chuyên môn", "head of the division"),
    Post("leader", "lãnh đạo đơn vị", "leader of the unit"),
    Post("partner", "cơ quan phối hợp", "agency asked for its part"),
    Post("finance", "cơ quan thuế, tài chính", "tax or finance office"),
    Post("support", "bộ phận kỹ thuật", "technical support"),
)
POST_OF: Final = {post.code: post for post in POSTS}
