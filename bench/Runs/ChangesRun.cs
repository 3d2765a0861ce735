using System.Diagnostics;
using System.Globalization;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Three processes on one database that all create and run workflows. Measures how soon a commit of one process is received by the other
/// two, and whether changes are lost without a gap.
/// </summary>
internal static class ChangesRun
{
    private const string Name = "changes";
    private const int Processes = 3;

    /// <summary>The creation and two steps.</summary>
    private const int ChangesOfOne = 3;

    private static readonly TimeSpan FinalWait = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
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

            await Task.Delay(FinalWait);
            workers.ForEach(worker => worker.StandardInput.Close());
            var received = await Task.WhenAll(workers.Select(ReceivedAsync));
            Report(received, print);
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

        throw new BenchException("A process ended unexpectedly. Its log is above.");
    }

    /// <summary>When a process first received each change, and how many gaps it received.</summary>
    private static async Task<(Dictionary<string, long> Changes, int Gaps)> ReceivedAsync(Process worker)
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

    /// <summary>The process that commits a change receives it first, so the first timestamp is that of the commit.</summary>
    private static void Report((Dictionary<string, long> Changes, int Gaps)[] received, Action<string> print)
    {
        var all = received.SelectMany(worker => worker.Changes.Keys).Distinct().ToList();
        var lateness = new List<double>();
        var missing = 0;
        foreach (var change in all)
        {
            long[] instants =
            [
                .. received
                    .Select(worker => worker.Changes.TryGetValue(change, out var at) ? at : (long?)null)
                    .OfType<long>()
                    .Order(),
            ];
            missing += received.Length - instants.Length;
            lateness.AddRange(instants[1..].Select(at => Stopwatch.GetElapsedTime(instants[0], at).TotalMilliseconds));
        }

        lateness.Sort();
        print(
            $"{Figures.Text(all.Count)} changes by {received.Length} processes; received by the other two after "
                + $"p50 {At(lateness, 0.5):0} ms, p95 {At(lateness, 0.95):0} ms, longest {At(lateness, 1):0} ms; "
                + $"{missing} not received, {received.Sum(worker => worker.Gaps)} gaps"
        );
    }

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];
}
