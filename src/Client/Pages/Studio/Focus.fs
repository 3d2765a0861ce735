/// Moves the focus out of an editor, to where the next Tab continues from.
module GopherFlow.Client.Pages.Studio.Focus

open Fable.Core.JsInterop
open GopherFlow.Client

let on (id: string) : unit =
    let element = Browser.document?getElementById id

    if not (isNullOrUndefined element) then
        element?focus ()
