skip-to-page = 본문으로 이동
rail = 주 메뉴
dock = 주 메뉴(작은 화면)
rail-posts = 게시물
rail-channels = 채널
rail-write = 쓰기
brand-now = 브랜드: { $name }. 바꾸기
account = { $name } 님의 계정
sign-out = 로그아웃
language = 언어
theme = 화면 모드
theme-system = 시스템
theme-light = 밝게
theme-dark = 어둡게
toast-close = 닫기
pause-now = 일시 중지
stopped-since = { $at }부터 멈춰 있습니다
stopped-on-the-way =
    { $count ->
        [0] 보내는 중인 게시물은 없었습니다.
       *[other] { NUMBER($count) }건은 이미 보내는 중이었습니다.
    }
rail-tokens = 토큰
cancel = 취소
copy = 복사
copied = 복사됨
never = 없음
in-days = { $count }일 뒤
time-zone = 시간대
time-zone-help = 이 시간대로 일정을 잡습니다. 도시를 입력하세요(예: Asia/Seoul).
time-in = { $city } 시간
as-it-is = { $text }
permission-read = 보기
permission-write = 쓰기
permission-publish = 게시
permission-channels = 채널 관리
permission-pause = 일시 중지
permission-override = 일시 중지 중 보내기
permission-admin = 관리
rail-people = 구성원
keep = 저장
brand-choose = 브랜드 선택
gap = { " " }
pause-now-help = 이 브랜드의 예약 게시물을 바로 멈춥니다
pause-choose = 멈출 것 고르기
