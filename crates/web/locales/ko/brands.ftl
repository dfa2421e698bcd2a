brands-title = 브랜드
brands-none = 아직 브랜드가 없습니다
brands-none-help = 브랜드마다 채널, 게시물, 구성원이 따로 있습니다.
brands-none-ask = 소유자나 관리자에게 브랜드에 추가해 달라고 요청하세요.
brand-new = 새 브랜드
brand-make = 브랜드 추가
brand-made = { $name } 브랜드를 추가했습니다. 채널을 연결해 시작하세요.
