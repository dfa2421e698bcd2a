denied-person =
    여기서는 이 작업을 할 수 없습니다. ‘{ $permission ->
        [read] 보기
        [write] 쓰기
        [publish] 게시
        [channels] 채널 관리
        [pause] 일시 중지
        [override] 일시 중지 중 보내기
       *[admin] 관리
    }’ 권한이 필요합니다.
denied-token =
    이 토큰으로는 이 작업을 할 수 없습니다. ‘{ $permission ->
        [read] 보기
        [write] 쓰기
        [publish] 게시
        [channels] 채널 관리
        [pause] 일시 중지
        [override] 일시 중지 중 보내기
       *[admin] 관리
    }’ 권한이 필요합니다.
not-found-thing = 없거나, 볼 수 없는 항목입니다.
