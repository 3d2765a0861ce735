/// Measures what the generator and the analyzers cost whoever writes workflows.
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

/// A typed workflow whose targets are generated.
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

/// Builds a project of many workflows, edits a line of one, and builds again; then asks the compiler's driver alone.
let measureGenerator _ =
    must (dotnet "build src/Engine -c Release -nologo -v quiet" [])
    must (dotnet "build src/Analyzers -c Release -nologo -v quiet" [])

    let folder = Directory.CreateTempSubdirectory("gopherflow-generator-").FullName

    try
        let inFolder name = Path.Combine(folder, name)

        File.WriteAllText(
            inFolder "Shops.csproj",
            project
                (at "src/Engine/bin/Release/net10.0/GopherFlow.Engine.dll")
                (at "src/Analyzers/bin/Release/netstandard2.0/GopherFlow.Analyzers.dll")
        )

        for number in 1..workflows do
            File.WriteAllText(inFolder $"Orders{number}.cs", workflow number)

        // The compiler's server is what a developer has; machines for CI switch it off.
        let build () =
            must {
                dotnet "build --no-restore -nologo -v quiet -clp:NoSummary" [] with
                    Folder = folder
                    Environment = [ ("UseSharedCompilation", "true") ]
            }

        let edit number =
            File.WriteAllText(inFolder "Orders7.cs", (workflow 7).Replace("days: 3", $"days: {number}"))

        must {
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

        // The compiler's server compiles itself at first, as an editor's does when it has just been opened.
        let cold = edited [ 4..13 ]
        let warm = edited [ 14..23 ]

        printfn
            $"{workflows} workflows: the first build {first:F2} s; nothing changed {idle:F2} s; a line of one changed {listed cold} s, then {listed warm} s"
    finally
        Directory.Delete(folder, recursive = true)

    must (dotnet "build tests/Analyzers -c Debug -nologo -v quiet" [])

    run (
        dotnet
            "exec tests/Analyzers/bin/Debug/net10.0/GopherFlow.Analyzers.Tests.dll -noLogo -noColor -diagnostics -class *ManyClassesTests"
            []
    )
