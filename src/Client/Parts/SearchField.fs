/// The search field of a page; the key / focuses it.
module GopherFlow.Client.Parts.SearchField

open Feliz

let view (name: string) (placeholder: string) (value: string) (set: string -> unit) : ReactElement =
    Html.input [
        prop.type' "search"
        prop.className "search-field"
        prop.ariaLabel name
        prop.placeholder placeholder
        prop.value value
        prop.onChange set
        prop.autoComplete "off"
        prop.spellcheck false
    ]
