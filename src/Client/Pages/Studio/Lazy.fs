/// The studio as the console uses it: its code and the editor's are fetched when it is first opened.
module GopherFlow.Client.Pages.Studio.Lazy

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Parts

let private studio = React.lazy' (fun () -> importValueDynamic View.view)

let view
    (props:
        {|
            name: string
            session: Session
            key: string
        |})
    : ReactElement =
    React.suspense ([ studio props ], Basics.loading "the studio")
