using System.Diagnostics;
using GopherFlow.Scripting;

namespace GopherFlow.Bench.Scripts;

/// <summary>Measures the cost of scripts: compiling, checking, loading, and a step compared with the same step in C#.</summary>
internal static class ScriptBench
{
    /// <summary>The command-line argument that selects it.</summary>
    public const string Word = "scripts";

    private const int WarmRounds = 10;

    /// <summary>Runs the measurements and prints a table.</summary>
    /// <param name="folder">The folder of the scripts to compile.</param>
    public static async Task<int> RunAsync(string folder)
    {
        var sources = ScriptFolder.read(folder);
        var cache = Directory.CreateTempSubdirectory("gopherflow-bench-").FullName;
        try
        {
            using var compiler = NewCompiler(cache);
            var cold = await MillisecondsAsync(() => CheckAsync(compiler, sources[0]));
            var checks = new List<double>();
            var deploys = new List<double>();
            for (var round = 1; round <= WarmRounds; round++)
            {
                foreach (var source in sources)
                {
                    checks.Add(await MillisecondsAsync(() => CheckAsync(compiler, Edited(source, $"check {round}"))));
                    deploys.Add(await MillisecondsAsync(() => LoadAsync(compiler, Edited(source, $"deploy {round}"))));
                }
            }

            using var second = NewCompiler(cache);
            var edited = Edited(sources[0], "deploy 1");
            var fromCache = await MillisecondsAsync(() => LoadAsync(second, edited));
            Console.WriteLine("| scripts | ms |");
            Console.WriteLine("| --- | --- |");
            Console.WriteLine($"| first check in a process | {cold:0} |");
            Console.WriteLine($"| check of an edited script, warm | {Median(checks):0} ({Range(checks)}) |");
            Console.WriteLine(
                $"| compile and load of an edited script, warm | {Median(deploys):0} ({Range(deploys)}) |"
            );
            Console.WriteLine($"| load from the cache by another compiler | {fromCache:0} |");
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }

        Console.WriteLine();
        await StepCost.PrintAsync();
        return 0;
    }

    /// <summary>The median; for an even number of values, the upper of the two middle values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Range(List<double> values) => $"{values.Min():0} to {values.Max():0}";

    private static ScriptCompiler NewCompiler(string cache)
    {
        var options = ScriptCompilerOptionsModule.defaults;
        return new ScriptCompiler(
            new ScriptCompilerOptions(
                options.Libraries,
                Microsoft.FSharp.Core.FSharpOption<string>.Some(cache),
                options.Limits
            )
        );
    }

    /// <summary>Changes the text, so that the cache has no entry for it.</summary>
    private static ScriptSource Edited(ScriptSource source, string mark) =>
        new(source.Name, $"{source.Text}\n// {mark}\n", source.Loaded);

    private static async Task CheckAsync(ScriptCompiler compiler, ScriptSource source)
    {
        var check = await compiler.CheckAsync(source, CancellationToken.None);
        if (check.Definition is null)
        {
            throw new BenchException($"{source.Name} does not compile: {string.Join("; ", check.Diagnostics)}");
        }
    }

    private static async Task LoadAsync(ScriptCompiler compiler, ScriptSource source)
    {
        var result = await compiler.CompileAsync(source, CancellationToken.None);
        if (result.IsError)
        {
            throw new BenchException($"{source.Name} does not compile: {string.Join("; ", result.ErrorValue)}");
        }

        result.ResultValue.Dispose();
    }

    private static async Task<double> MillisecondsAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
