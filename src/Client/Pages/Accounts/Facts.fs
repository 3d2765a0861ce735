/// The facts about a user in one line.
module GopherFlow.Client.Pages.Accounts.Facts

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts

let standing (user: User) : ReactElement =
    Html.span [
        prop.className "standing"
        prop.data ("tone", (if user.Enabled then "good" else "waiting"))
        prop.text (if user.Enabled then "Enabled" else "Disabled")
    ]

let view (user: User) : ReactElement =
    Html.dl [
        prop.className "facts account-facts"
        prop.children [
            Basics.textFact "Display name" (user.DisplayName |> Option.defaultValue "")
            Basics.fact "Role" [
                Html.span [ prop.title (Describe.roleMeaning user.Role); prop.text user.Role ]
            ]
            Basics.fact "State" [ standing user ]
            Basics.textFact "Signs in with" (Describe.signsInWith user)
            match user.External with
            | Some account -> Basics.textFact "Account there" $"{account.Subject} at {account.Issuer}"
            | None -> Html.none
            Basics.fact "Last sign-in" [ Clock.timeOr "never" user.LastSignIn ]
            Basics.fact "Added" [ Clock.time {| at = user.Created |} ]
        ]
    ]
