# What scripts are told.
api-no-route = There is nothing at this address. Look it up in the description of the API, at /api/v1/openapi.json.
api-method = This address does not take that method. The header Allow names those that it takes.
api-token-missing = This needs to know who asks. Send an API token as “Authorization: Bearer bw_…”.
api-token-not-good = This token is not good: it is unknown, has ended or was revoked. Make a new one, or check that it was copied whole.
api-content = Nothing was written or planned. Mend it, then send it again.
api-json-empty = There is no body. Nothing was changed. Send JSON, as the description of this address says.
api-json-malformed = The body is not JSON: it goes wrong at line { $line }, column { $column }. Nothing was changed.
api-json-zero = A text in the body holds the zero character (U+0000), which cannot be kept. Nothing was changed. Leave it out.
# $at (text): where in the body. $what: what is wrong there. $name (text): what stands there, or is missing.
# $known (text): what may stand there. $why (text): the parser’s words.
api-json-unfit = { $what ->
    [missing] “{ $name }” is missing at “{ $at }”. Nothing was changed. Add it.
    [unknown] “{ $name }” is not known at “{ $at }”. Nothing was changed. Known are: { $known }.
    [choice] “{ $name }” does not fit at “{ $at }”. Nothing was changed. It is one of: { $known }.
    [id] An id is wanted at “{ $at }”, such as 018f0000-0000-7000-8000-000000000000. Nothing was changed.
    [twice] “{ $name }” stands twice at “{ $at }”. Nothing was changed. Send it once.
    [kind] Another kind of value is wanted at “{ $at }”. Nothing was changed. Look at the description of this address.
   *[other] The body does not fit at “{ $at }”: { $why }. Nothing was changed.
}
api-json-too-large = The body is larger than { NUMBER($max) } bytes. Nothing was changed.
api-body-cut = The body broke off before its end. Nothing was changed. Send it again.
api-media-type = This takes a body of the type { $expected }. Nothing was changed. Send it with that Content-Type.
api-query-unfit = “{ $name }” behind the question mark does not fit. Nothing was changed. Look at the description of this address.
api-last-event-id-unfit = Last-Event-ID is the number of the last event that you saw. Leave it out to begin with the next one.
api-revision-missing = Say which revision you read, as If-Match or as “revision”, so that nobody’s changes are overwritten. Nothing was changed.
api-form-unreadable = The form could not be read. Nothing was stored. Send the file itself as the body, or a whole multipart form.
api-form-without-file = The form has no field “{ $field }” with the file. Nothing was stored.
idempotency-key-unfit = Idempotency-Key is one header of 1 to { $max } visible ASCII characters, such as a UUID. Nothing was changed.
idempotency-running = The request with this key is still being carried out. Ask again in a moment for its answer.
idempotency-outcome-unknown = The server broke down while it carried out the request with this key, so it may have had its effect or not. It is not carried out again. Look, and use a new key if it is still wanted.
idempotency-other-request = This key stands for another request. Nothing was changed. Use a new key for a new request.
measure-other-network = That channel is on another network. Name the channel’s own network, or leave the channel out.
measure-channel-without-workspace = A channel is found by its workspace: send “workspace” and “channel”, or neither.
connect-state-missing = Answers belong to a step: send them with the “state” that came with its fields. Nothing was sent to the network.
pause-scope-unfit = The scope does not fit: “channel” needs a channel, “network” needs a network, and the others need neither. Nothing was changed.
error-media-type-title = That kind of body is not taken here
error-media-type-next = Nothing was changed. Send it as the description of this address says.
error-precondition-title = It is not as you read it
error-precondition-next = Nothing was overwritten. Read it again, then send your change.
error-idempotency-title = A request with this key came before
error-idempotency-next = It was not carried out a second time.
error-busy-title = Too busy just now
error-busy-next = The database could not be had in time. Try again in a moment.
error-database-away-title = The database does not answer
error-database-away-next = Nothing can be read or saved until it is back. What was saved before is safe. Try again in a minute; whoever runs this server finds more in the log.
