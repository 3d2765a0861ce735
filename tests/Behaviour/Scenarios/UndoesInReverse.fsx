open GopherFlow.Authoring
open GopherFlow.Behaviour
open GopherFlow.FSharp

let bookFlight (_: Step) = goto "BookHotel"

let bookHotel (step: Step) =
    let nights = step.Vars.GetOr("nights", 0) + 1
    step.Vars.Set("nights", nights)
    goto (if nights < 2 then "BookHotel" else "RentCar")

let rentCar (_: Step) : NextState = giveUp "no car"

let cancelAll (_: Step) = compensate "Cancelled" |> log "no trip"

let noteAndUndo (step: Step) =
    let undoes = Option.defaultValue "" step.Undoes
    step.Service<Notebook>().Write $"{step.State} {undoes} {step.Attempt}"

    if step.Attempt = 1 then
        invalidOp "once"

    undone

let workflow =
    workflow "UndoesInReverse" {
        retry (linear 1 (seconds 0) (seconds 0))
        onFailure "GiveUp"
        start "BookFlight" bookFlight [ "BookHotel" ] [ compensatedBy "CancelFlight" ]
        state "BookHotel" bookHotel [ "BookHotel"; "RentCar" ] [ compensatedBy "CancelHotel" ]
        state "RentCar" rentCar [ "Booked" ]
        state "GiveUp" cancelAll [ "Cancelled" ]
        state "CancelHotel" noteAndUndo []
        state "CancelFlight" noteAndUndo []
        finish "Booked"
        error "Cancelled"
    }
