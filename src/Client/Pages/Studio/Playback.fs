/// The playback of a trial: the step that is shown, and automatic playing.
module GopherFlow.Client.Pages.Studio.Playback

open GopherFlow.Contract
open GopherFlow.Client.Pages.Studio.Model

let ended (tried: Tried) (model: Model) : Model * Effect list =
    let steps =
        match tried.Answer with
        | Ok { Trial = Some trial } -> trial.Steps.Length
        | _ -> 0

    {
        model with
            Trying = {
                model.Trying with
                    Running = false
                    Last = Some tried
                    Step = max 0 (steps - 1)
                    Playing = false
            }
    },
    []

let private steps (model: Model) =
    trial model |> Option.map _.Steps.Length |> Option.defaultValue 0

let showStep (step: int) (model: Model) : Model = {
    model with
        Trying = {
            model.Trying with
                Step = step |> min (steps model - 1) |> max 0
        }
}

let play (playing: bool) (model: Model) : Model =
    let atEnd = model.Trying.Step >= steps model - 1

    {
        model with
            Trying = {
                model.Trying with
                    Playing = playing && steps model > 1
                    Step = if playing && atEnd then 0 else model.Trying.Step
            }
    }

let playOn (model: Model) : Model =
    if model.Trying.Step + 1 >= steps model then
        play false model
    else
        showStep (model.Trying.Step + 1) model
