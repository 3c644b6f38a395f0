"""What to do about errors of somebody's own session, in Chinese and in English: nobody else tells them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REMEDIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "server_unreachable": (
            "这个地址没有回应：请检查地址、网络，以及平台是否在运行。",
            "Nobody answers at this address: check it, the network, and whether the platform runs.",
        ),
        "certificate_untrusted": (
            "服务器证书不受信任：请用 ca= 给出签发机构的证书文件。",
            "The server's certificate is not trusted: give the authority's file as `ca`.",
        ),
        "server_not_secure": (
            "令牌会以明文传送：请用 https://；确信线路安全时写 insecure=True。",
            "The token would travel in clear: use https://, or say insecure=True where the way is safe.",
        ),
        "address_wrong": (
            "请给出平台的地址，不带路径，例如 https://grid.example.cn。",
            "Give the platform's address without a path, such as https://grid.example.cn.",
        ),
        "not_a_platform": (
            "这个地址上的不是本平台：请检查地址。",
            "What answers at this address is not the platform: check the address.",
        ),
        "token_missing": (
            "还需要令牌：用 panlong token create 生成。",
            "A token is needed: `panlong token create` makes one.",
        ),
        "token_refused": (
            "令牌不对或已作废：用 panlong token create 重新生成。",
            "The token is unknown or revoked: `panlong token create` makes another one.",
        ),
        "token_expired": (
            "令牌已过期：用 panlong token create 重新生成。",
            "The token has run out: `panlong token create` makes another one.",
        ),
        "not_permitted": (
            "这个账号或令牌的权限不够取这个图层，见 layers()。",
            "The account or the token's scopes lack what this layer asks for, see `layers()`.",
        ),
        "version_differs": (
            "分析库与平台版本不同：请升级较旧的一方。",
            "The library and the platform are of different versions: bring the older one up to date.",
        ),
        "stream_cut": (
            "图层没有传完整，一行也没有采用：请重取。",
            "The layer did not come whole and nothing of it was taken: ask again.",
        ),
        "server_failed": (
            "平台没能回答：请稍后再试，日志里有这个编号。",
            "The platform could not answer: try again; its log knows the number.",
        ),
        "question_refused": (
            "平台不接受这个请求，原因见 problem。",
            "The platform refused the question: `problem` says why.",
        ),
        "layer_unknown": (
            "没有这个图层：layers() 列出全部。",
            "There is no such layer: `layers()` lists them.",
        ),
        "filter_unknown": (
            "这个图层不能按它筛选，可用的见 known。",
            "The layer cannot be narrowed by this; `known` says by what.",
        ),
        "area_unknown": (
            "能看到的区域里没有这个代码。",
            "No area in sight has this code.",
        ),
        "server_only": (
            "这一项只由平台计算：请连接平台地址，或从快照里读。",
            "Only the platform works this out: connect to its address, or read it from a snapshot.",
        ),
        "not_a_source": (
            "请给出平台地址、快照文件夹，或 SQLAlchemy 的连接。",
            "Connect to an address, to a folder that `snapshot` wrote, or to a connection of SQLAlchemy.",
        ),
        "snapshot_missing": (
            "文件夹里没有快照，或不完整：请重新生成。",
            "The folder holds no snapshot, or not all of one: write it again.",
        ),
        "snapshot_changed": (
            "文件与快照生成时不一致：请重新生成。",
            "A file is not as the snapshot wrote it: write the snapshot again.",
        ),
        "snapshot_lacks": (
            "快照里没有这一项：请重新生成并包含它。",
            "The snapshot was written without this: write another one with it.",
        ),
        "folder_taken": (
            "文件夹里有别的东西：请另选一个。",
            "The folder holds something else than a snapshot: choose another one.",
        ),
        "assets_missing": (
            "地图用的脚本不在：请运行 ./panlong setup，或安装带有它们的安装包。",
            "The map's scripts are not there: run `./panlong setup`, or install the package that has them.",
        ),
        "font_missing": (
            "没有找到中文字体：请安装一种（Debian：apt install fonts-noto-cjk）。",
            "No font for Chinese was found: install one (Debian: apt install fonts-noto-cjk).",
        ),
    }
)
"""By the codes of `PlatformError`."""
