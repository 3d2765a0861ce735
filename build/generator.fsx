/// Measures how much the source generator and the analyzers slow down builds.
module Generator

#load "commands.fsx"

open System
open System.Diagnostics
open System.IO
open Commands

let private workflows = 100

let private project engine analyzers =
    $"""<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
    <Reference Include="{engine}" />
    <Analyzer Include="{analyzers}" />
  </ItemGroup>
</Project>
"""

/// The source of a typed workflow, for which the generator creates the targets.
let private workflow number =
    $"""using GopherFlow.Authoring;

namespace Shop{number};

public sealed record Order(string Customer, decimal Total);

public sealed record Decision(bool Approved);

[Workflow("Orders{number}")]
public sealed partial class Orders : Workflow<Order, Order, string>
{{
    protected override Order Begin(Order order) => order;

    [Start]
    public NextState Review() => Data.Total > 1000 ? To.Approval.OrAfter(To.Refused, days: 3) : To.Bill;

    [Manual]
    public NextState OnApproval(Decision decision) => decision.Approved ? To.Bill : To.Refused;

    [State]
    public NextState Bill() => WaitFor("paid").Then(To.Ship).OrAfter(To.Refused, days: 14);

    [State]
    public NextState Ship() => To.Shipped;

    [End]
    public string Shipped() => Data.Customer;

    [Error]
    private const string Refused = "Refused";
}}
"""

let private secondsOf (work: unit -> unit) =
    let watch = Stopwatch.StartNew()
    work ()
    watch.Elapsed.TotalSeconds

/// Builds a project with many workflows, edits one line, and builds again. Then measures the generator alone in the compiler's driver.
let measureGenerator _ =
    runOrFail (dotnet "build src/Engine -c Release -nologo -v quiet" [])
    runOrFail (dotnet "build src/Analyzers -c Release -nologo -v quiet" [])

    let folder = Directory.CreateTempSubdirectory("gopherflow-generator-").FullName

    try
        let inFolder name = Path.Combine(folder, name)

        File.WriteAllText(
            inFolder "Shops.csproj",
            project
                (repoPath "src/Engine/bin/Release/net10.0/GopherFlow.Engine.dll")
                (repoPath "src/Analyzers/bin/Release/netstandard2.0/GopherFlow.Analyzers.dll")
        )

        for number in 1..workflows do
            File.WriteAllText(inFolder $"Orders{number}.cs", workflow number)

        // Developers use the compiler server, so it is enabled here. CI machines disable it.
        let build () =
            runOrFail {
                dotnet "build --no-restore -nologo -v quiet -clp:NoSummary" [] with
                    Folder = folder
                    Environment = [ ("UseSharedCompilation", "true") ]
            }

        let edit number =
            File.WriteAllText(inFolder "Orders7.cs", (workflow 7).Replace("days: 3", $"days: {number}"))

        runOrFail {
            dotnet "restore -nologo -v quiet" [] with
                Folder = folder
        }

        let first = secondsOf build
        let idle = [ for _ in 1..3 -> secondsOf build ] |> List.min

        let edited numbers = [
            for number in numbers ->
                edit number
                secondsOf build
        ]

        let listed seconds =
            seconds |> List.map (sprintf "%.2f") |> String.concat ", "

        // The compiler server is JIT-compiled during the first builds, like in an editor that has just been opened.
        let cold = edited [ 4..13 ]
        let warm = edited [ 14..23 ]

        printfn
            $"{workflows} workflows: first build {first:F2} s; nothing changed {idle:F2} s; one line changed {listed cold} s, then {listed warm} s"
    finally
        Directory.Delete(folder, recursive = true)

    runOrFail (dotnet "build tests/Analyzers -c Debug -nologo -v quiet" [])

    run (
        dotnet
            "exec tests/Analyzers/bin/Debug/net10.0/GopherFlow.Analyzers.Tests.dll -noLogo -noColor -diagnostics -class *ManyClassesTests"
            []
    )
