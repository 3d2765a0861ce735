/// The open sessions of a user.
module GopherFlow.Client.Pages.Accounts.Sessions

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Pages.Accounts.Model

let private ask (user: User) (session: UserSession) : Dialog =
    let where = Describe.browser session.UserAgent

    Asking {
        Title = "End this session"
        Consequence = $"{where} is signed out with its next request. Unsaved input there is lost."
        Action = "End session"
        Request = EndSession(user.Id, session.Id)
    }

let private askAll (user: User) (isOwn: bool) (count: int) : Dialog =
    Asking {
        Title =
            if isOwn then
                "End your other sessions"
            else
                "End all sessions"
        Consequence =
            if isOwn then
                $"You are signed out in {count} other browsers or windows. This one continues."
            else
                $"{user.Username} is signed out everywhere. API keys stay."
        Action = "End sessions"
        Request = EndSessions user.Id
    }

let private table (user: User) (dispatch: Msg -> unit) : Table.Table<UserSession> = {
    Label = "Sessions"
    Key = fun session -> string session.Id
    Open = None
    Columns = [
        Table.column "Browser" (fun session -> [
            Html.span [
                prop.title (session.UserAgent |> Option.defaultValue "")
                prop.text (Describe.browser session.UserAgent)
            ]
            if session.Current then
                Html.span [ prop.className "remark"; prop.text "this one" ]
        ])
        Table.text "Address" (fun session -> session.Address |> Option.defaultValue "unknown")
        Table.column "Signed in" (fun session -> [ Clock.time {| at = session.Created |} ])
        Table.column "Last used" (fun session -> [ Clock.time {| at = session.LastUsed |} ])
        Table.column "Ends" (fun session -> [ Clock.time {| at = session.Expires |} ])
        Table.column "" (fun session -> [
            if session.Current then
                Html.span [ prop.className "faint"; prop.text "Sign out ends it" ]
            else
                Basics.button Basics.Plain Icons.cross "End" None (fun () -> dispatch (Open(ask user session)))
        ])
    ]
}

let view (user: User) (isOwn: bool) (sessions: UserSession list) (dispatch: Msg -> unit) : ReactElement =
    let others = sessions |> List.filter (_.Current >> not) |> List.length

    Page.section "Sessions" [
        Basics.button
            Basics.Plain
            Icons.leave
            (if isOwn then "End all others" else "End all")
            (if others > 0 then None
             elif isOwn then Some "There is no other session."
             else Some "There is no session.")
            (fun () -> dispatch (Open(askAll user isOwn others)))
    ] [
        if sessions.IsEmpty then
            Basics.empty $"{user.Username} is not signed in anywhere." []
        else
            sessions
            |> List.sortBy (_.Current >> not)
            |> Table.stacking (table user dispatch)
    ]
