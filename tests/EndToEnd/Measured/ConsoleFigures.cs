using System.Globalization;
using System.Text.Json;
using GopherFlow.Demo.Tests;
using Microsoft.Playwright;

namespace GopherFlow.EndToEnd.Tests.Measured;

/// <summary>
/// Prints the console figures of docs/inside/performance.md for <c>dotnet fsi build.fsx measure-console</c>. The tests assert nothing.
/// </summary>
public sealed class ConsoleFigures
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task First_load()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, place.Address, Place.Password);
        var fresh = await page.Context.Browser!.NewContextAsync(
            new() { StorageState = await page.Context.StorageStateAsync() }
        );
        var first = await fresh.NewPageAsync();
        await first.GotoAsync(new Uri(place.Address, "workflows").ToString());
        await first.Locator("main h1").First.WaitForAsync();
        var usable = await first.EvaluateAsync<double>("performance.now()");
        var files = await first.EvaluateAsync<string[]>(
            "performance.getEntriesByType('resource').filter(e => /assets/.test(e.name)).map(e => `${e.name.split('/').pop()} ${e.encodedBodySize}`)"
        );
        var loaded = files.Sum(file => double.Parse(file.Split(' ')[1], CultureInfo.InvariantCulture));
        Print(
            $"first load: {loaded / 1000:0} kB of scripts and styles, usable after {usable:0} ms ({string.Join(", ", files)})"
        );
    }

    /// <summary>A script alternates between two states in the executor process. The page is served by another process.</summary>
    [Fact(Explicit = true)]
    public async Task A_change_of_another_process_is_seen()
    {
        const int changes = 200;
        await using var place = await Place.OpenAsync("POSTGRES", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        await api.DeployAsync("Pendulum", Pendulum, Cancellation);
        await api.HasDefinitionAsync("Pendulum", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, place.Address, Place.Password);
        var begin = DateTimeOffset.UtcNow.AddSeconds(3);
        var id = await api.StartAsync("Pendulum", "pendulum", begin, Cancellation);
        await page.GotoAsync(new Uri(place.Address, $"workflows/{id}").ToString());
        await page.GetByTestId("state-Left").WaitForAsync();
        await page.EvaluateAsync(NoteStates);
        await page.WaitForFunctionAsync($"() => window.seen.length > {changes}", null, new() { Timeout = 180_000 });
        var seen = await page.EvaluateAsync<JsonElement>("window.seen");
        var history = (await api.GetAsync($"api/workflows/{id}/history?order=oldest&limit=1000", Cancellation))
            .GetProperty("entries")
            .EnumerateArray()
            .Where(entry => entry.GetProperty("kind").GetString() == "TRANSITION")
            .Select(entry =>
                (To: entry.GetProperty("to").GetString()!, At: entry.GetProperty("at").GetDateTimeOffset())
            )
            .ToList();
        var late = new List<double>();
        foreach (var each in seen.EnumerateArray().Skip(1))
        {
            var state = each[0].GetString()!["state-".Length..];
            var at = DateTimeOffset.UnixEpoch.AddMilliseconds(each[1].GetDouble());
            if (history.LastOrDefault(entry => entry.To == state && entry.At <= at) is { To: not null } committed)
            {
                late.Add((at - committed.At).TotalMilliseconds);
            }
        }

        late.Sort();
        Print(
            $"a change of another process: {late.Count} seen, p50 {late[late.Count / 2]:0} ms, p95 {late[late.Count * 95 / 100]:0} ms, "
                + $"max {late[^1]:0} ms after its commit"
        );
    }

    [Fact(Explicit = true)]
    public async Task The_diagram_follows_the_typing()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "scripts/Payment"), Place.Password);
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Source of Payment" });
        await editor.ClickAsync();
        var source = await File.ReadAllTextAsync(Repository.PathOf("tests/EndToEnd/Payment.fsx"), Cancellation);
        var took = new List<double>();
        for (var number = 0; number < 10; number++)
        {
            await page.Keyboard.PressAsync("Control+A");
            var typed = await page.EvaluateAsync<double>("performance.now()");
            await page.Keyboard.InsertTextAsync(
                source.Replace("\"Refused\"", $"\"Refused{number}\"", StringComparison.Ordinal)
            );
            // Checked at every frame; an expectation would poll only every half second.
            await page.WaitForFunctionAsync(
                "state => document.querySelector(`[data-testid='${state}']`)?.checkVisibility()",
                $"state-Refused{number}"
            );
            took.Add(await page.EvaluateAsync<double>("performance.now()") - typed);
        }

        took.Sort();
        Print($"the studio's diagram follows the typing after {took[5]:0} ms (p50), {took[^1]:0} ms (longest of 10)");
    }

    /// <summary>The event stream is synthetic, so only the browser is under load. Pages still read from the server.</summary>
    [Fact(Explicit = true)]
    public async Task Two_thousand_changes_a_second()
    {
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        for (var number = 0; number < 100; number++)
        {
            await api.StartAsync("DemoWorkflow", $"known-{number}", DateTimeOffset.UtcNow, Cancellation);
        }

        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, place.Address, Place.Password);
        var definition = await api.GetAsync("api/definitions/DemoWorkflow", Cancellation);
        var found = await api.FindAsync("DemoWorkflow", Cancellation);
        await using var spout = new SyntheticEventServer(
            [.. found.EnumerateArray()],
            [
                .. definition
                    .GetProperty("states")
                    .EnumerateArray()
                    .Select(state => state.GetProperty("name").GetString()!),
            ],
            rate: 2000
        );
        await page.RouteAsync(
            "**/api/events*",
            route => route.ContinueAsync(new() { Url = new Uri(spout.Address, "api/events").ToString() })
        );
        var id = found[0].GetProperty("id").GetInt64();
        foreach (var path in (string[])["", "workflows", "definitions/DemoWorkflow", $"workflows/{id}"])
        {
            await page.GotoAsync(new Uri(place.Address, path).ToString());
            await page.Locator("main h1").First.WaitForAsync();
            await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
            await page.EvaluateAsync(NoteFrames);
            await Task.Delay(TimeSpan.FromSeconds(10), Cancellation);
            var gaps = (await page.EvaluateAsync<double[]>("window.gaps")).Order().ToArray();
            Print(
                $"/{path} under 2,000 changes/s for 10 s: {gaps.Length} frames, p99 {gaps[gaps.Length * 99 / 100]:0} ms "
                    + $"between two, longest {gaps[^1]:0} ms"
            );
        }
    }

    [Fact(Explicit = true)]
    public async Task As_many_changes_as_callers_make()
    {
        const int callers = 16;
        await using var place = await Place.OpenAsync("SQLITE", Cancellation);
        var page = place.Browser.Page;
        await SignIn.AsAdmin(page, new Uri(place.Address, "workflows"), Place.Password);
        using var api = await ApiCaller.SignInAsync(place.Address, Place.Password, Cancellation);
        // Give the page time to load.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        await page.EvaluateAsync(NoteFrames);
        var until = DateTimeOffset.UtcNow.AddSeconds(10);
        var created = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(async caller =>
                {
                    for (var number = 0; DateTimeOffset.UtcNow < until; number++)
                    {
                        await api.StartAsync("DemoWorkflow", $"{caller}-{number}", DateTimeOffset.UtcNow, Cancellation);
                        Interlocked.Increment(ref created);
                    }
                })
        );
        var gaps = (await page.EvaluateAsync<double[]>("window.gaps")).Order().ToArray();
        var tasks = await page.EvaluateAsync<double[]>("window.tasks");
        Print(
            $"the list of workflows under {created * 2 / 10} changes/s for 10 s: {gaps.Length} frames, p99 {gaps[gaps.Length * 99 / 100]:0} ms "
                + $"between two, longest {gaps[^1]:0} ms; the page's longest task {tasks.Max():0} ms, {tasks.Length - 1} of over 50 ms"
        );
    }

    private const string Pendulum = """
        open GopherFlow.FSharp

        let left (_: Step) = goto "Right" |> after (milliseconds 400)
        let right (_: Step) = goto "Left" |> after (milliseconds 400)

        let workflow =
            workflow "Pendulum" {
                description "Goes back and forth"
                start "Left" left [ "Right"; "Done" ]
                state "Right" right [ "Left" ]
                finish "Done"
            }
        """;

    private const string NoteStates = """
        () => {
            window.seen = [];
            const note = () => {
                const current = document.querySelector("[data-phase=current][data-testid^=state-]")?.dataset.testid;
                if (current && current !== window.last) {
                    window.last = current;
                    window.seen.push([current, performance.timeOrigin + performance.now()]);
                }
            };
            new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
            note();
        }
        """;

    private const string NoteFrames = """
        () => {
            window.gaps = [];
            window.tasks = [0];
            new PerformanceObserver(list => list.getEntries().forEach(entry => window.tasks.push(entry.duration)))
                .observe({ type: "longtask" });
            let last = performance.now();
            const frame = now => {
                window.gaps.push(now - last);
                last = now;
                requestAnimationFrame(frame);
            };
            requestAnimationFrame(frame);
        }
        """;

    private static void Print(string figure) => Console.WriteLine($"FIGURE {figure}");
}
