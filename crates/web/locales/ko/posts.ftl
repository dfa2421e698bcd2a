posts-none = 아직 쓴 글이 없습니다
posts-none-help = 게시물은 하나의 생각입니다. 한 번 쓰고, 네트워크마다 어떻게 보이는지 살펴보고, 언제 나갈지 정하세요.
posts-none-reader = 동료가 쓴 글이 여기에 나타납니다.
posts-first = 첫 게시물 쓰기
posts-older = 이전 게시물
posts-needing =
    { $count ->
        [100] 확인이 필요한 게시물이 100건 이상 있습니다
       *[other] 확인이 필요한 게시물 { $count }건
    }
posts-needing-title = 확인이 필요한 게시물
posts-needing-none = 확인이 필요한 게시물이 없습니다
posts-all = 모든 게시물
posts-no-older = 더 오래된 글이 없습니다
post-untitled = 아직 글이 없습니다
post-channels = 채널 { $count }개
post-do-look = 확인하고 알려 주기
post-do-mend = 고치기
post-do-decide = 결정하기
post-do-by-hand = 직접 게시하기
post-do-reconnect = 다시 연결
post-do-release = 살펴보기
post-updated = 수정: { $at }
post-go-on = 이어서 쓰기
post-edit = 글 바꾸기
post-delete = 삭제
post-delete-help = 이 게시물과 채널별 버전이 완전히 삭제됩니다. 전송된 것은 없습니다.
post-delete-do = 이 게시물 삭제
post-deleted = 게시물을 삭제했습니다.
post-without-text = 이 부분에는 글이 없습니다.
post-saved = 저장했습니다.
post-scheduled = { $at }에 채널 { $count }개로 예약했습니다.
post-sent = 채널 { $count }개로 보내는 중입니다.
where-title = 게시 상태
where-nowhere = 아직 예약되지 않았습니다.
where-open = 열기
where-live = { $network }에 한 번 게시했습니다({ $at }).
where-scheduled = { $at }에 나갑니다.
where-sending = { $network }에 보내는 중입니다.
where-processing = { $network }에서 받아 처리하고 있습니다.
where-partly-live = { $count }개 중 { $out }개가 { $network }에 나갔습니다.
where-refused = { $network }에서 거부했습니다. 글은 그대로 있습니다.
where-checking = { $network }의 응답을 받지 못했습니다. 확인하는 동안 아무것도 보내지 않습니다.
where-unknown = 한 번 보냈지만 { $network }에 도착했는지 알 수 없습니다. 직접 확인해 주세요.
where-held = 기다리는 중입니다. 잃어버린 것은 없습니다.
where-missed = 시간이 지나서 보내지 않았습니다.
where-waiting-for-person = 담당자가 직접 게시합니다.
where-cancelled = { $network }에는 나가지 않습니다.
where-deleted = { $network }에서 내렸습니다.
compose-title = 새 게시물
compose-edit-title = 게시물 고치기
compose-text = 글
compose-part = 글, { $number }번째 부분
compose-add-part = { $number }번째 부분 추가
compose-remove-part = { $number }번째 부분 삭제
compose-language = 글의 언어
compose-language-unsaid = 언어
compose-options = { $network } 설정
compose-no-channels = 아직 채널이 없습니다. 쓰고 저장할 수 있으며, 게시하려면 연결하세요.
compose-kept = 입력한 내용은 보시는 대로 남아 있습니다.
compose-there-planned = 예약됨
compose-there-live = 게시됨
compose-restored = 전에 여기에 입력한 내용입니다. 아직 저장되지 않았습니다.
compose-send = 보내기
compose-save = 임시 저장
compose-look = 글자 수와 미리보기
compose-when = 언제, { $city } 시간
compose-now = 지금 게시
compose-other-ways = 다른 방법으로 보내기
compose-schedule =
    { $count ->
        [0] { $brand }에 예약
       *[other] { $brand }에 예약: 채널 { $count }개
    }
compose-schedule-at =
    { $count ->
        [0] 채널을 고르세요
       *[other] { $brand }에 예약: 채널 { $count }개, { $at }
    }
limit-over = { NUMBER($count) } 초과
preview = 미리보기
preview-title = 이렇게 보입니다
preview-none = 채널을 고르면 어떻게 보이는지 볼 수 있습니다.
preview-own-version = { $network }에는 따로 쓴 글이 있으며 여기서 바뀌지 않습니다.
shift-gap = 그 시각에 시계가 앞당겨집니다. { $at }에 나갑니다.
shift-overlap = 시계가 늦춰져 그 시각이 두 번 옵니다. 첫 번째인 { $at }에 나갑니다.
compose-time-past = 이미 지난 시각입니다. 앞으로의 시각을 고르거나 지금 보내세요.
compose-add-picture = 사진
compose-upload = 고른 사진 추가
compose-alt = 사진 { $number }의 대체 텍스트
compose-alt-help = 볼 수 없는 사람이 무엇을 알아야 할까요?
compose-remove-picture = 사진 { $number } 빼기
compose-remove = 빼기
where-next-try = 다음 시도는 { $at }입니다.
where-held-until = 예정 시각은 { $at }입니다. { $until } 전에 나가지 못하면 물어봅니다.
where-held-late = 예정 시각은 { $at }였습니다. 시간이 많이 지나서 내보내기 전에 물어봅니다.
where-next-look = { $at }에 다시 확인합니다.
where-taking-down = { $network }에서 내리는 중입니다.
compose-sent-before = 전에 보낸 내용이지만 도착했는지 알 수 없습니다. 다시 보내기 전에 게시물 목록을 확인해 주세요.
where-open-part = { $number }번째
where-its-turn = 나갈 시간이 되었습니다. 이 채널의 앞선 게시물이 정리되기를 기다립니다.
compose-save-change = 변경 저장
limit-aloud = { $number }번째: { NUMBER($count) }자 초과.
where-checked-here = 보내기 전 자체 검사에서 멈췄습니다. 이대로는 { $network }에서 받지 않습니다. 보낸 것은 없고 글은 남아 있습니다.
sent-out-title = 게시 후 변경되었습니다. 여기에 나간 내용
sent-title = 전송 후 변경되었습니다. 여기로 보낸 내용
sent-out-help = 나간 뒤에 게시물이 바뀌었습니다. 여기에는 나갈 때의 내용 그대로 있습니다:
sent-help = 보낸 뒤에 게시물이 바뀌었습니다. 보내는 중이거나 이미 도착한 것은 이 내용입니다:
sent-pictures-gone = 사진 { $count }장도 함께였으나 여기에는 더 이상 저장되어 있지 않습니다.
compose-sent-stays = 이미 채널 { $count }개로 보냈습니다. 네트워크에서 고칠 수 없으므로 나간 내용은 그대로 남습니다. 바꾼 내용은 여기에 저장되고 아직 보내지 않은 곳에만 나갑니다.
post-saved-sent-stays = 여기에 저장했습니다. 이미 보낸 내용은 그대로입니다.
compose-card = 링크 카드
compose-card-no = 링크 카드 없음
compose-card-chosen = 링크 카드: 지정
compose-card-of = { $number }번째 부분의 링크 카드
compose-card-first = 글의 첫 링크
compose-card-none = 없음
compose-card-own = 이 주소
compose-card-address = 링크 카드의 주소
