// Shows a saga: a trip is booked part by part, each in a state of its own. When a part is refused, what was booked is cancelled
// in reverse order, one booking a state run, so that a crash in the middle neither forgets a booking nor cancels one twice. Each
// call to the agency carries the step's key: a retry is recognised there and not booked again.
open System
open GopherFlow.FSharp

type Part =
    | Flight
    | Hotel
    | Car

type Booking = { Part: Part; Reference: string }

type Answer =
    | Confirmed of reference: string
    | SoldOut

/// Every wait of the demos is divided by GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let betweenCalls = seconds 2 / speed

/// Stands for the agency's web service. The variable "soldOut" names a part that it refuses.
module Agency =
    let book (step: Step) (idempotencyKey: string) (part: Part) =
        match step.Vars.TryGet<Part> "soldOut" with
        | Some refused when refused = part -> SoldOut
        | _ -> Confirmed $"{part}/{idempotencyKey}"

    let cancel (step: Step) (idempotencyKey: string) (booking: Booking) =
        let cancelled = step.Vars.GetOr<string list>("cancelled", [])
        step.Vars.Set("cancelled", cancelled @ [ $"{booking.Reference} by {idempotencyKey}" ])

/// The last booking is the first of the list.
let booked (step: Step) =
    step.Vars.GetOr<Booking list>("booked", [])

let book (part: Part) (next: string) (step: Step) =
    match Agency.book step step.Key part with
    | Confirmed reference ->
        step.Vars.Set("booked", { Part = part; Reference = reference } :: booked step)
        goto next |> log $"{part} is booked" |> after betweenCalls
    | SoldOut -> goto "Compensate" |> log $"{part} is sold out"

let compensate (step: Step) =
    match booked step with
    | [] -> goto "NotBooked"
    | last :: earlier ->
        Agency.cancel step step.Key last
        step.Vars.Set("booked", earlier)
        goto "Compensate" |> log $"{last.Part} is cancelled" |> after betweenCalls

let workflow =
    workflow "BookingSaga" {
        description "Books a trip part by part, and cancels what was booked when a part is refused"
        retry (exponential 5 (seconds 1) (minutes 1))
        start "BookFlight" (book Flight "BookHotel") [ "BookHotel"; "Compensate" ]
        state "BookHotel" (book Hotel "BookCar") [ "BookCar"; "Compensate" ]
        state "BookCar" (book Car "Booked") [ "Booked"; "Compensate" ]
        state "Compensate" compensate [ "Compensate"; "NotBooked" ]
        error "NotBooked"
        finish "Booked"
    }
