module GopherFlow.Client.Pages.Jobs.Update

open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Pages.Jobs.Model

let update (message: Message) (model: Model) : Model * Effect<Message> list =
    match message with
    | Onward cursor ->
        {
            model with
                Cursors = cursor :: model.Cursors
        },
        []
    | Back ->
        match model.Cursors with
        | [] -> model, []
        | _ :: before -> { model with Cursors = before }, []
    | AskToCancel -> { model with AsksToCancel = true }, []
    | CloseQuestion -> { model with AsksToCancel = false }, []
