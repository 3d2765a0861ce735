/// The signed-in user. All tabs of the browser share one cookie, so they sign in and out together.
module GopherFlow.Client.Api.SignedInUser

open System
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types

let private key = [ "session" ]

let private held () : Visitor option = Query.tryCached key

/// Clears what was cached for the previous user.
let private begin' (session: Session) : unit =
    Query.forgetWhere ((<>) key)
    Query.put key (SignedIn session)

let private goOn (session: Session) : unit =
    Query.put key (SignedIn session)
    Query.refetchWhere ((<>) key) |> start

/// Handles a new session: the same user continues on the same page, for another user the cache is cleared.
let private take (session: Session) : unit =
    match held () with
    | Some(SignedIn before)
    | Some(Ended before) when before.UserId = session.UserId -> goOn session
    | _ -> begin' session

let private forget () : unit =
    Query.put key SignedOut
    Query.forgetWhere ((<>) key)

/// Handles an expired session: the page stays until the user signs in again.
let ended () : unit =
    match held () with
    | Some(SignedIn session) -> Query.put key (Ended session)
    | Some(Ended _) -> ()
    | _ -> Query.put key SignedOut

/// Asks the server whether the session is still valid.
let check () : unit =
    Calls.session ()
    |> map (function
        | SignedOut -> ended ()
        | _ -> ())
    |> catch (fun _ -> resolved ())
    |> start

/// Checks whether a user has signed in again in another tab.
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

/// A sign-in with the organisation ends in another tab, which does not report it. So this checks the session whenever this tab
/// becomes visible or gets the focus, until disposed.
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

/// Handles messages of other tabs, and answers that the session has ended, until disposed.
let follow () : IDisposable =
    others.Force() |> ignore
    Http.sessionEnded.Subscribe ended
