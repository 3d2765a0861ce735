/// Moves the focus out of the editor, to the element from which the next Tab continues.
module GopherFlow.Client.Pages.Studio.Focus

open Fable.Core.JsInterop
open GopherFlow.Client

let on (id: string) : unit =
    let element = Browser.document?getElementById id

    if not (isNullOrUndefined element) then
        element?focus ()
