module GopherFlow.Scripts.Tests.BookingSagaTests

open System.Threading.Tasks
open Expecto
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Testing

let tests (definition: string -> Task<WorkflowDefinition>) =

    let test () =
        task {
            let! saga = definition "BookingSaga"
            return! FlowTest.For saga
        }

    let went (states: string list) (run: FlowRun) =
        Expect.equal (List.ofSeq run.Path) states "path"

    let hasLines (list: string) (parts: string list) (run: FlowRun) =
        let lines = run.Variables.Get<string list>(list, [])
        Expect.equal (lines |> List.map (fun line -> line.Split(' ')[0])) parts list

    testList "Booking saga" [
        testCaseTask "Every part is booked under its own key" (fun () ->
            task {
                use! flow = test ()
                let! run = flow.StartAsync()
                let! run = run.EndAsync "Booked"
                run |> went [ "BookFlight"; "BookHotel"; "BookCar"; "Booked" ]
                let booked = run.Variables.Get<string list>("booked", [])
                Expect.equal (booked |> List.distinctBy (fun line -> line.Split(' ')[2]) |> List.length) 3 "keys"
            })

        testCaseTask
            "When the last part is sold out the others are cancelled by their keys, in reverse order"
            (fun () ->
                task {
                    use! flow = test ()
                    let! run = flow.StartAsync {| soldOut = "Car" |}
                    let! run = run.EndAsync "NotBooked"

                    run
                    |> went [
                        "BookFlight"
                        "BookHotel"
                        "BookCar"
                        "CancelHotel"
                        "CancelFlight"
                        "NotBooked"
                    ]

                    Expect.equal
                        (run.Variables.Get<string list>("cancelled", []))
                        (run.Variables.Get<string list>("booked", []) |> List.rev)
                        "cancelled"
                })

        testCaseTask "When the first part is sold out there is nothing to cancel" (fun () ->
            task {
                use! flow = test ()
                let! run = flow.StartAsync {| soldOut = "Flight" |}
                run |> went [ "BookFlight"; "NotBooked" ]
                run |> hasLines "cancelled" []
            })

        testCaseTask "A permanent failure of the agency cancels the booked parts" (fun () ->
            task {
                use! flow = test ()
                let! run = flow.StartAsync()
                flow.FailAt("BookHotel", 1, NotRetryableException "the agency is closed")
                let! run = run.EndAsync "NotBooked"
                run |> went [ "BookFlight"; "BookHotel"; "GiveUp"; "CancelFlight"; "NotBooked" ]
            })

        testCaseTask "Cancelling the workflow cancels the booked parts" (fun () ->
            task {
                use! flow = test ()
                let! run = flow.StartAsync()
                let! _ = run.UntilAsync "BookCar"
                do! run.CancelAsync()
                let! run = run.EndAsync "NotBooked"
                run |> hasLines "cancelled" [ "Hotel"; "Flight" ]
            })

        testCaseTask "A crash between a cancellation and its commit repeats it with the same key" (fun () ->
            task {
                use! flow = test ()
                let! run = flow.StartAsync {| soldOut = "Car" |}
                flow.CrashAt "CancelHotel"
                let! run = run.EndAsync "NotBooked"
                run |> hasLines "cancelled" [ "Hotel"; "Flight" ]
            })
    ]
