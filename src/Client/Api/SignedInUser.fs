/// Who is signed in, in all tabs of the browser: they share one cookie, so they come and go together.
module GopherFlow.Client.Api.SignedInUser

open System
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types

let private key = [ "session" ]

let private held () : Visitor option = Query.tryCached key

/// Forgets what was read for the previous user.
let private begin' (session: Session) : unit =
    Query.forgetWhere ((<>) key)
    Query.put key (SignedIn session)

let private goOn (session: Session) : unit =
    Query.put key (SignedIn session)
    Query.refetchWhere ((<>) key) |> start

/// Somebody is signed in: the same user continues where they were.
let private take (session: Session) : unit =
    match held () with
    | Some(SignedIn before)
    | Some(Ended before) when before.UserId = session.UserId -> goOn session
    | _ -> begin' session

let private forget () : unit =
    Query.put key SignedOut
    Query.forgetWhere ((<>) key)

/// The session is over, but nobody has signed out: what is on the page stays until they are back.
let ended () : unit =
    match held () with
    | Some(SignedIn session) -> Query.put key (Ended session)
    | Some(Ended _) -> ()
    | _ -> Query.put key SignedOut

/// Asks the server whether the session still holds.
let check () : unit =
    Calls.session ()
    |> map (function
        | SignedOut -> ended ()
        | _ -> ())
    |> catch (fun _ -> resolved ())
    |> start

/// Asks whether somebody has signed in again, in another tab.
let lookAgain () : unit =
    Calls.session ()
    |> map (function
        | SignedIn session -> take session
        | _ -> ())
    |> catch (fun _ -> resolved ())
    |> start

let private others =
    lazy
        (Tabs.Channel.join "gopherflow-session" (fun news ->
            match unbox<string> news with
            | "in" -> lookAgain ()
            | "out" -> forget ()
            | _ -> ()))

let enter (session: Session) : unit =
    take session
    others.Value.Say "in"

let leave () : unit =
    forget ()
    others.Value.Say "out"

let private isEnded () =
    match held () with
    | Some(Ended _) -> true
    | _ -> false

/// A sign-in at the organisation ends in another tab and is not told here: asks for the session whenever this tab is seen or gets
/// the focus, until disposed.
let lookOnReturn () : IDisposable =
    let look (_: obj) : unit =
        if not (Browser.isHidden ()) then
            Calls.session ()
            |> map (function
                | SignedIn session when isEnded () -> enter session
                | _ -> ())
            |> catch (fun _ -> resolved ())
            |> start

    let watched = [
        Browser.listen Browser.document "visibilitychange" look
        Browser.listen Browser.window "focus" look
    ]

    {
        new IDisposable with
            member _.Dispose() = watched |> List.iter _.Dispose()
    }

/// Hears of other tabs, and of answers that nobody is signed in, until disposed.
let follow () : IDisposable =
    others.Force() |> ignore
    Http.sessionEnded.Subscribe ended
