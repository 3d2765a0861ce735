namespace GopherFlow.Scripts.Tests

open GopherFlow.Authoring
open GopherFlow.FSharp
open Expecto
open GopherFlow.TestSupport

module BookingSagaTests =
    let tests (scripts: LoadedScripts) =

        let run (variables: string) (parked: string list) (state: string) (status: WorkflowStatus) =
            task {
                let! definition = scripts.Definition "BookingSaga"
                use! engine = Engine.start [ definition ]
                let! id = Engine.create engine "BookingSaga" variables

                for state in parked do
                    do! Engine.pass engine id state (seconds 2)

                let! variables = Engine.ends engine id state status
                let! path = Engine.path engine id
                return variables, path
            }

        testList "Booking saga" [
            testCaseTask "Every part is booked, each under a key of its own" (fun () ->
                task {
                    let! variables, path =
                        run "{}" [ "BookHotel"; "BookCar"; "Booked" ] "Booked" WorkflowStatus.Finished

                    Expect.equal path "BookHotel BookCar Booked" "path"

                    Expect.equal
                        variables["booked"]
                        """[{"part":"Car","reference":"Car/one:2"},{"part":"Hotel","reference":"Hotel/one:1"},{"part":"Flight","reference":"Flight/one:0"}]"""
                        "variables"
                })

            testCaseTask "When the last part is refused the others are cancelled, the last booked first" (fun () ->
                task {
                    let! variables, path =
                        run
                            """{"soldOut":"Car"}"""
                            [ "BookHotel"; "BookCar"; "Compensate"; "Compensate" ]
                            "NotBooked"
                            WorkflowStatus.Error

                    Expect.equal path "BookHotel BookCar Compensate Compensate Compensate NotBooked" "path"
                    Expect.equal variables["booked"] "[]" "variables"

                    Expect.equal
                        variables["cancelled"]
                        """["Hotel/one:1 by one:3","Flight/one:0 by one:4"]"""
                        "variables"
                })

            testCaseTask "When the first part is refused there is nothing to cancel" (fun () ->
                task {
                    let! variables, path =
                        run """{"soldOut":"Flight"}""" [] "NotBooked" WorkflowStatus.Error

                    Expect.equal path "Compensate NotBooked" "path"
                    Expect.isFalse (variables.Contains "cancelled") "contains"
                })
        ]
