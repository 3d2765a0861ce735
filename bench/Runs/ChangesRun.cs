using System.Diagnostics;
using System.Globalization;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Three processes over one database that all create and run workflows: how soon what one commits is heard in the other two, and whether
/// anything is missing that was not told as a gap.
/// </summary>
internal static class ChangesRun
{
    private const string Name = "changes";
    private const int Processes = 3;

    /// <summary>Created, and two steps.</summary>
    private const int ChangesOfOne = 3;

    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(BenchSetup setup, Action<string> tell)
    {
        await setup.EmptyAsync(Name);
        var workers = Enumerable.Range(0, Processes).Select(number => Start(number, setup.Options)).ToList();
        try
        {
            foreach (var worker in workers)
            {
                await UntilAsync(worker, ExecutorProgram.Ready);
            }

            var each = (setup.Options.Changes + (Processes * ChangesOfOne) - 1) / (Processes * ChangesOfOne);
            workers.ForEach(worker => worker.StandardInput.WriteLine(each));
            foreach (var worker in workers)
            {
                await UntilAsync(worker, FeedWorkerProgram.Created);
            }

            await Task.Delay(LastWord);
            workers.ForEach(worker => worker.StandardInput.Close());
            var heard = await Task.WhenAll(workers.Select(HeardAsync));
            Report(heard, tell);
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }
        }
    }

    private static Process Start(int number, BenchOptions options) =>
        Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    "exec",
                    typeof(ChangesRun).Assembly.Location,
                    FeedWorkerProgram.Word,
                    Name,
                    number.ToString(CultureInfo.InvariantCulture),
                    .. options.Arguments,
                ]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;

    private static async Task UntilAsync(Process worker, string word)
    {
        while (await worker.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == word)
            {
                return;
            }

            Console.Error.WriteLine(line);
        }

        throw new BenchException("A process ended although nobody had asked it to; its log is above.");
    }

    /// <summary>When a process has first heard of each change, and how many gaps it was told.</summary>
    private static async Task<(Dictionary<string, long> Changes, int Gaps)> HeardAsync(Process worker)
    {
        var (changes, gaps) = (new Dictionary<string, long>(), 0);
        while (await worker.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var what, var at] && long.TryParse(at, out var instant))
            {
                gaps += what == FeedWorkerProgram.Gap ? 1 : 0;
                changes.TryAdd(what, instant);
            }
        }

        changes.Remove(FeedWorkerProgram.Gap);
        return (changes, gaps);
    }

    /// <summary>Whoever has committed a change hears of it first.</summary>
    private static void Report((Dictionary<string, long> Changes, int Gaps)[] heard, Action<string> tell)
    {
        var all = heard.SelectMany(worker => worker.Changes.Keys).Distinct().ToList();
        var lateness = new List<double>();
        var missing = 0;
        foreach (var change in all)
        {
            long[] instants =
            [
                .. heard
                    .Select(worker => worker.Changes.TryGetValue(change, out var at) ? at : (long?)null)
                    .OfType<long>()
                    .Order(),
            ];
            missing += heard.Length - instants.Length;
            lateness.AddRange(instants[1..].Select(at => Stopwatch.GetElapsedTime(instants[0], at).TotalMilliseconds));
        }

        lateness.Sort();
        tell(
            $"{Figures.Text(all.Count)} changes by {heard.Length} processes; heard in the other two after "
                + $"p50 {At(lateness, 0.5):0} ms, p95 {At(lateness, 0.95):0} ms, longest {At(lateness, 1):0} ms; "
                + $"{missing} not heard, {heard.Sum(worker => worker.Gaps)} gaps told"
        );
    }

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];
}
