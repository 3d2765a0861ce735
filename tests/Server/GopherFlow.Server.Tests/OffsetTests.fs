module GopherFlow.Server.Tests.OffsetTests

open System
open FsCheck
open FsCheck.FSharp
open GopherFlow.Server
open Xunit

[<Theory>]
[<InlineData("300 seconds", 300.)>]
[<InlineData("1 hour 30 minutes", 5400.)>]
[<InlineData("1.5 Hours", 5400.)>]
[<InlineData("500ms", 0.5)>]
[<InlineData("90 min", 5400.)>]
[<InlineData("30s", 30.)>]
[<InlineData("5 days", 432000.)>]
[<InlineData(" 2  weeks 1 day ", 1296000.)>]
let ``pairs of number and unit are summed`` (text: string) (seconds: float) =
    Assert.Equal(Some(TimeSpan.FromSeconds seconds), Offset.parse text)

[<Theory>]
[<InlineData("")>]
[<InlineData("5")>]
[<InlineData("soon")>]
[<InlineData("PT5M")>]
[<InlineData("01:30:00")>]
[<InlineData("10 minutes ago")>]
[<InlineData("-5 minutes")>]
[<InlineData("5 fortnights")>]
[<InlineData("1 hour and 5 minutes")>]
[<InlineData(".5 hours")>]
[<InlineData("999999999 weeks")>]
[<InlineData("٥ minutes")>]
let ``Fault 15: anything else is refused rather than guessed`` (text: string) = Assert.Equal(None, Offset.parse text)

[<Fact>]
let ``the sum does not depend on the order of the pairs`` () =
    Check.QuickThrowOnFailure(fun (PositiveInt hours) (PositiveInt minutes) ->
        let hours, minutes = hours % 1000, minutes % 1000
        let expected = TimeSpan.FromMinutes(float (hours * 60 + minutes))

        Offset.parse $"{hours} hours {minutes} minutes" = Some expected
        && Offset.parse $"{minutes} minutes {hours} hours" = Some expected)
