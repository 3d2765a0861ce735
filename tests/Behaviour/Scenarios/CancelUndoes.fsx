open GopherFlow.FSharp

let reserve (step: Step) =
    step.Vars.Set("rooms", 2)
    goto "Pay"

let pay (_: Step) = goto "Arrive" |> after (days 1)

let arrive (_: Step) = goto "Done"

let cancel (_: Step) = compensate "GivenBack"

let refund (_: Step) = undone

let free (step: Step) =
    step.Vars.Set("rooms", 0)
    undone

let workflow =
    workflow "CancelUndoes" {
        onCancel "Cancel"
        start "Reserve" reserve [ "Pay" ] [ compensatedBy "Free" ]
        state "Pay" pay [ "Arrive" ] [ compensatedBy "Refund" ]
        state "Arrive" arrive [ "Done" ]
        state "Cancel" cancel [ "GivenBack" ]
        state "Refund" refund []
        state "Free" free []
        finish "Done"
        error "GivenBack"
    }
