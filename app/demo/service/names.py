"""Parts of invented people's names."""

SURNAMES = "李王张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "明华丽芳军敏静强磊洋艳勇杰娟涛超霞平刚玲桂秀英云春国建志文永福贵兰红梅玉凤琼"
