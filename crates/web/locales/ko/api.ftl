# 스크립트에 하는 말.
api-no-route = 이 주소에는 아무것도 없습니다. API 설명(/api/v1/openapi.json)에서 확인하세요.
api-method = 이 주소에서는 그 메서드를 쓸 수 없습니다. 쓸 수 있는 메서드는 Allow 헤더에 있습니다.
api-token-missing = 누가 요청하는지 알아야 합니다. API 토큰을 “Authorization: Bearer bw_…” 형식으로 보내세요.
api-token-not-good = 이 토큰은 쓸 수 없습니다. 없는 토큰이거나 만료되었거나 취소되었습니다. 새로 만들거나 전체가 복사되었는지 확인하세요.
api-content = 아무것도 쓰이거나 예약되지 않았습니다. 고친 뒤 다시 보내세요.
api-json-empty = 본문이 없습니다. 아무것도 바뀌지 않았습니다. 이 주소의 설명에 있는 JSON을 보내세요.
api-json-malformed = 본문이 JSON이 아닙니다({ $line }행 { $column }열). 아무것도 바뀌지 않았습니다.
api-json-zero = 본문의 글에 저장할 수 없는 널 문자(U+0000)가 들어 있습니다. 아무것도 바뀌지 않았습니다. 빼고 보내세요.
api-json-unfit = { $what ->
    [missing] “{ $at }”에 “{ $name }”이(가) 없습니다. 아무것도 바뀌지 않았습니다. 추가하세요.
    [unknown] “{ $at }”에서 “{ $name }”을(를) 알 수 없습니다. 아무것도 바뀌지 않았습니다. 쓸 수 있는 것: { $known }.
    [choice] “{ $at }”에 “{ $name }”은(는) 맞지 않습니다. 아무것도 바뀌지 않았습니다. 다음 중 하나입니다: { $known }.
    [id] “{ $at }”에는 018f0000-0000-7000-8000-000000000000과 같은 ID가 필요합니다. 아무것도 바뀌지 않았습니다.
    [twice] “{ $at }”에 “{ $name }”이(가) 두 번 있습니다. 아무것도 바뀌지 않았습니다. 한 번만 보내세요.
    [kind] “{ $at }”에는 다른 종류의 값이 필요합니다. 아무것도 바뀌지 않았습니다. 이 주소의 설명을 확인하세요.
   *[other] 본문의 “{ $at }”이(가) 맞지 않습니다: { $why }. 아무것도 바뀌지 않았습니다.
}
api-json-too-large = 본문이 { NUMBER($max) }바이트를 넘습니다. 아무것도 바뀌지 않았습니다.
api-body-cut = 본문이 끝나기 전에 끊겼습니다. 아무것도 바뀌지 않았습니다. 다시 보내세요.
api-media-type = 여기에는 { $expected } 형식의 본문이 필요합니다. 아무것도 바뀌지 않았습니다. 그 Content-Type으로 보내세요.
api-query-unfit = 물음표 뒤의 “{ $name }”이(가) 맞지 않습니다. 아무것도 바뀌지 않았습니다. 이 주소의 설명을 확인하세요.
api-last-event-id-unfit = Last-Event-ID는 마지막으로 받은 이벤트의 번호입니다. 생략하면 다음 이벤트부터 시작합니다.
api-revision-missing = 다른 사람의 변경을 덮어쓰지 않도록 읽은 판을 If-Match나 “revision”으로 알려 주세요. 아무것도 바뀌지 않았습니다.
api-form-unreadable = 양식을 읽을 수 없습니다. 아무것도 저장되지 않았습니다. 파일 자체나 온전한 multipart 양식을 보내세요.
api-form-without-file = 양식에 파일이 담긴 “{ $field }” 항목이 없습니다. 아무것도 저장되지 않았습니다.
idempotency-key-unfit = Idempotency-Key는 하나의 헤더로, 보이는 ASCII 문자 1~{ $max }자(예: UUID)입니다. 아무것도 바뀌지 않았습니다.
idempotency-running = 이 키의 요청을 아직 처리하고 있습니다. 잠시 뒤 다시 보내면 그 답을 받습니다.
idempotency-outcome-unknown = 이 키의 요청을 처리하던 중 서버가 멈춰, 실행되었는지 알 수 없습니다. 다시 실행하지 않습니다. 결과를 확인하고 필요하면 새 키로 보내세요.
idempotency-other-request = 이 키는 다른 요청에 쓰였습니다. 아무것도 바뀌지 않았습니다. 새 요청에는 새 키를 쓰세요.
measure-other-network = 그 채널은 다른 네트워크에 있습니다. 채널의 네트워크를 쓰거나 채널을 빼세요.
measure-channel-without-workspace = 채널은 워크스페이스와 함께 찾습니다. “workspace”와 “channel”을 둘 다 보내거나 둘 다 빼세요.
connect-state-missing = 답은 단계에 속합니다. 항목과 함께 받은 “state”를 같이 보내세요. 네트워크에는 아무것도 보내지 않았습니다.
pause-scope-unfit = 범위가 맞지 않습니다. “channel”에는 채널, “network”에는 네트워크가 필요하고 나머지에는 필요 없습니다. 아무것도 바뀌지 않았습니다.
error-media-type-title = 이 종류의 본문은 받지 않습니다
error-media-type-next = 아무것도 바뀌지 않았습니다. 이 주소의 설명대로 보내세요.
error-precondition-title = 읽었을 때와 상태가 다릅니다
error-precondition-next = 아무것도 덮어쓰지 않았습니다. 다시 읽은 뒤 변경을 보내세요.
error-idempotency-title = 이 키의 요청이 이미 왔습니다
error-idempotency-next = 두 번 실행하지 않았습니다.
error-busy-title = 지금은 너무 바쁩니다
error-busy-next = 데이터베이스가 제때 응답하지 않았습니다. 잠시 뒤 다시 시도하세요.
error-database-away-title = 데이터베이스가 응답하지 않습니다
error-database-away-next = 복구될 때까지 읽거나 저장할 수 없습니다. 이미 저장된 내용은 안전합니다. 1분 뒤 다시 시도하세요. 자세한 내용은 서버 운영자가 로그에서 볼 수 있습니다.
