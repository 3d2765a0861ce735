/// Shown instead of a page that only admins may see.
module GopherFlow.Client.Parts.AdminsOnly

open Feliz

let view (title: string) (reason: string) (advice: ReactElement list) : ReactElement =
    Page.view
        {
            Title = title
            Lead = ""
            Actions = []
        }
        [
            Basics.empty
                "Your role does not allow this."
                (Html.p $"{reason} Ask one of them to do it, or to change your role." :: advice)
        ]
