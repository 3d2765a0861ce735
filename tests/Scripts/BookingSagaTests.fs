namespace GopherFlow.Scripts.Tests

open GopherFlow.Authoring
open GopherFlow.FSharp
open Xunit

[<Collection "scripts">]
type BookingSagaTests(scripts: LoadedScripts) =

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

    [<Fact>]
    member _.``Every part is booked, each under a key of its own``() =
        task {
            let! variables, path =
                run "{}" [ "BookHotel"; "BookCar"; "Booked" ] "Booked" WorkflowStatus.Finished

            Assert.Equal("BookHotel BookCar Booked", path)

            Assert.Equal(
                """[{"part":"Car","reference":"Car/one:2"},{"part":"Hotel","reference":"Hotel/one:1"},{"part":"Flight","reference":"Flight/one:0"}]""",
                variables["booked"]
            )
        }

    [<Fact>]
    member _.``When the last part is refused the others are cancelled, the last booked first``() =
        task {
            let! variables, path =
                run
                    """{"soldOut":"Car"}"""
                    [ "BookHotel"; "BookCar"; "Compensate"; "Compensate" ]
                    "NotBooked"
                    WorkflowStatus.Error

            Assert.Equal("BookHotel BookCar Compensate Compensate Compensate NotBooked", path)
            Assert.Equal("[]", variables["booked"])
            Assert.Equal("""["Hotel/one:1 by one:3","Flight/one:0 by one:4"]""", variables["cancelled"])
        }

    [<Fact>]
    member _.``When the first part is refused there is nothing to cancel``() =
        task {
            let! variables, path =
                run """{"soldOut":"Flight"}""" [] "NotBooked" WorkflowStatus.Error

            Assert.Equal("Compensate NotBooked", path)
            Assert.False(variables.Contains "cancelled")
        }
