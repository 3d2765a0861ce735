// Shows a saga: a trip is booked part by part, each part in its own state, which names the state that cancels it. If a part is sold out,
// the agency fails permanently, or somebody cancels the workflow, all bookings are cancelled, the last one first. Each cancellation is a
// step of its own, so a crash in the middle neither forgets a booking nor cancels one twice. Each call to the agency carries the step's
// key as an idempotency key, so a retry does not book twice, and a booking is cancelled with the key that it was booked with.
open System
open GopherFlow.FSharp

type Part =
    | Flight
    | Hotel
    | Car

type Answer =
    | Confirmed
    | SoldOut

/// The divisor for every wait of the demos, from GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let betweenCalls = seconds 2 / speed

/// Simulates the agency's web service. The variable "soldOut" names a part that it rejects.
module Agency =
    let private note (list: string) (step: Step) (line: string) =
        step.Vars.Set(list, step.Vars.GetOr<string list>(list, []) @ [ line ])

    let book (step: Step) (part: Part) (key: string) =
        match step.Vars.TryGet<Part> "soldOut" with
        | Some refused when refused = part -> SoldOut
        | _ ->
            note "booked" step $"{part} as {key}"
            Confirmed

    let cancel (step: Step) (part: Part) (key: string) =
        note "cancelled" step $"{part} as {key}"

let book (part: Part) (next: string) (step: Step) =
    match Agency.book step part step.Key with
    | Confirmed -> goto next |> log $"{part} is booked" |> after betweenCalls
    | SoldOut -> compensate "NotBooked" |> log $"{part} is sold out"

let cancel (part: Part) (step: Step) =
    step.Undoes |> Option.iter (Agency.cancel step part)
    undone |> log $"{part} is cancelled"

let goBack (_: Step) = compensate "NotBooked"

let workflow =
    workflow "BookingSaga" {
        description "Books a trip part by part, and cancels all bookings if one part is not available"
        retry (exponential 5 (seconds 1) (minutes 1))
        onFailure "GiveUp"
        onCancel "GiveUp"
        start "BookFlight" (book Flight "BookHotel") [ compensatedBy "CancelFlight" ]
        state "BookHotel" (book Hotel "BookCar") [ compensatedBy "CancelHotel" ]
        state "BookCar" (book Car "Booked") [ compensatedBy "CancelCar" ]
        state "GiveUp" goBack
        state "CancelCar" (cancel Car)
        state "CancelHotel" (cancel Hotel)
        state "CancelFlight" (cancel Flight)
        error "NotBooked"
        finish "Booked"
    }
