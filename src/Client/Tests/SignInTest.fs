module GopherFlow.Client.Tests.SignInTest

open GopherFlow.Client.Time
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.SignIn
open GopherFlow.Client.Pages.SignIn.Model
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Tests.Vitest

let private filled = {
    Update.init " ann " None with
        Password = "secret"
}

let private refused status retryAfter =
    let problem =
        Problem.ofAnswer status retryAfter """{"title":"No","detail":"Wait 20 s before the next attempt."}"""

    Update.update (Refused(problem, noon)) { filled with Busy = true } |> fst

test "both fields are required" (fun () ->
    let empty, commands = Update.update (Submit noon) (Update.init "" None)
    equal (Some "Enter your user name.") empty.Fault
    equal [] commands
    equal (Some "Enter your password.") (Update.update (Submit noon) (Update.init "ann" None) |> fst).Fault)

test "a form is not sent twice while a request is in flight" (fun () ->
    let model, commands = Update.update (Submit noon) filled
    equal [ Ask("ann", "secret") ] commands
    equal [] (Update.update (Submit noon) model |> snd))

test "a wrong password is cleared" (fun () ->
    let model = refused 401 None
    equal "" model.Password
    equal (Some "Wrong user name or password.") model.Fault)

test "a throttled sign-in waits and shows for how long" (fun () ->
    let model = refused 429 (Some 20)
    equal 20 (Update.wait noon model)
    equal 5 (Update.wait (Instant.add 15000.0 noon) model)
    equal 0 (Update.wait (Instant.add 20000.0 noon) model)
    equal [] (Update.update (Submit noon) model |> snd)
    equal "secret" model.Password
    isTrue "later" (not (Update.update (Submit(Instant.add 21000.0 noon)) model |> snd).IsEmpty))

test "a sign-in that the provider refused shows the reason" (fun () ->
    isTrue "role" ((Update.init "" (Some "no-role")).Fault.Value.Contains "not assigned you a role")
    isTrue "changed" ((Update.init "" (Some "try-again")).Fault.Value.Contains "was changed")
    isTrue "other" ((Update.init "" (Some "failed")).Fault.Value.Contains "failed"))
