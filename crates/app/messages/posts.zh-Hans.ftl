not-found-post = 此品牌中没有这篇帖子。
post-changed-meanwhile = 在您撰写时，有人修改了此帖。对方的内容没有被覆盖，您输入的内容也已保留。请先复制所需内容，再重新加载帖子。
post-too-many-parts = 草稿最多 100 个部分。您输入的内容已保留。请删减，或拆成两篇帖子。
post-part-too-long = 每个部分最多 100,000 个字符。您输入的内容已保留。请缩短或拆分。
