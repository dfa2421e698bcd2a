state-draft = 초안
state-in-review = 검토 중
state-changes-asked = 수정 요청됨
state-ready = 준비됨
state-scheduled = 예약됨
state-sending = 게시하는 중
state-processing = 게시하는 중
state-live = 게시됨
state-partly-live = 일부 게시됨
state-refused = 실패: { $network }에서 거부
state-checking = 확인하는 중
state-unknown = 미확인: 직접 확인
state-held =
    { $reason ->
        [paused] 보류: 일시 중지
        [login] 보류: 다시 연결 필요
        [look_first] 보류: 확인 대기
       *[other] 보류: 대기
    }
state-missed = 놓침: 보내지 않음
state-waiting-for-person = 직접 게시
state-cancelled = 취소됨
state-deleted = 내림
state-refused-here = 실패: { $network }에 맞지 않음
