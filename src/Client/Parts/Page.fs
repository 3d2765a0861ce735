/// The frame of a page: its title, its buttons, and its content.
module GopherFlow.Client.Parts.Page

open Feliz

type Page = {
    Title: string
    /// One sentence below the title; empty for none.
    Lead: string
    Actions: ReactElement list
}

let view (page: Page) (content: ReactElement list) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Html.header [
                prop.className "page-head"
                prop.children [
                    Html.h1 page.Title
                    Html.div [ prop.className "moves"; prop.children page.Actions ]
                ]
            ]
            if page.Lead <> "" then
                Html.p [ prop.className "lead"; prop.text page.Lead ]
            yield! content
        ]
    ]

/// A section of a page with its own heading.
let section (title: string) (actions: ReactElement list) (content: ReactElement list) : ReactElement =
    Html.section [
        prop.key title
        prop.className "page-section"
        prop.ariaLabel title
        prop.children [
            Html.div [
                prop.className "section-head"
                prop.children [ Html.h2 title; Html.div [ prop.className "moves"; prop.children actions ] ]
            ]
            yield! content
        ]
    ]
