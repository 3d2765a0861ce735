using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Scripts, their versions, and the errors of the last rejected one.</summary>
public sealed class ScriptTests : StoreContract
{
    private static readonly ScriptVersionRecord First = new(
        "Credit",
        "1a",
        "let workflow = 1",
        """{"shared.fsx":"let a = 1"}""",
        "folder",
        "ann",
        A.FirstInstant
    );

    private static readonly ScriptVersionRecord Second = First with
    {
        Version = "2b",
        Source = "let workflow = 2",
        Origin = "api",
        Author = "bob",
        Created = A.FirstInstant.AddSeconds(1),
    };

    private static readonly ScriptDiagnostics Faults = new("3c", """[{"line":1}]""", A.FirstInstant.AddSeconds(2));

    [Theory, OnEveryStore]
    public async Task Without_scripts_the_list_is_empty(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;

        Assert.Equal(0, await scripts.RevisionAsync(Stop));
        Assert.Empty(await scripts.ScriptsAsync(Stop));
        Assert.Null(await scripts.FindScriptAsync("Credit", Stop));
        Assert.Empty(await scripts.ScriptVersionsAsync("Credit", Stop));
        Assert.Null(await scripts.FindScriptVersionAsync("Credit", "1a", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_deployed_script_is_stored_current_and_enabled(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;

        await DeployAsync(scripts, First);

        var script = new ScriptRecord("Credit", "1a", Enabled: true, Diagnostics: null, A.FirstInstant);
        Assert.Equal(script, await scripts.FindScriptAsync("Credit", Stop));
        Assert.Equal([script], await scripts.ScriptsAsync(Stop));
        Assert.Equal(First, await scripts.FindScriptVersionAsync("Credit", "1a", Stop));
        Assert.Equal(
            [new ScriptVersionOutline("1a", "folder", "ann", A.FirstInstant)],
            await scripts.ScriptVersionsAsync("Credit", Stop)
        );
    }

    [Theory, OnEveryStore]
    public async Task A_newer_version_becomes_current_and_the_older_stays(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        await DeployAsync(scripts, First);

        await DeployAsync(scripts, Second);

        Assert.Equal(new("Credit", "2b", true, null, Second.Created), await scripts.FindScriptAsync("Credit", Stop));
        Assert.Equal(["2b", "1a"], await VersionsAsync(scripts));
        Assert.Equal(First, await scripts.FindScriptVersionAsync("Credit", "1a", Stop));
        Assert.Equal(Second, await scripts.FindScriptVersionAsync("Credit", "2b", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_version_deployed_again_is_current_and_unchanged(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        await DeployAsync(scripts, First);
        await DeployAsync(scripts, Second);
        var later = A.FirstInstant.AddDays(1);

        await DeployAsync(
            scripts,
            First with
            {
                Source = "other",
                Loaded = "{}",
                Origin = "api",
                Author = "eve",
                Created = later,
            }
        );

        Assert.Equal(new("Credit", "1a", true, null, later), await scripts.FindScriptAsync("Credit", Stop));
        Assert.Equal(First, await scripts.FindScriptVersionAsync("Credit", "1a", Stop));
        Assert.Equal(["2b", "1a"], await VersionsAsync(scripts));
    }

    [Theory, OnEveryStore]
    public async Task Only_a_stored_version_can_be_made_current(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        await DeployAsync(scripts, First);
        await DeployAsync(scripts, Second);
        await DeployAsync(scripts, First with { Name = "Other", Version = "9z" });
        var later = A.FirstInstant.AddDays(1);

        Assert.True(await scripts.ActivateScriptAsync("Credit", "1a", later, Stop));
        Assert.False(await scripts.ActivateScriptAsync("Credit", "9z", later, Stop));
        Assert.False(await scripts.ActivateScriptAsync("Credit", "1A", later, Stop));
        Assert.False(await scripts.ActivateScriptAsync("credit", "1a", later, Stop));

        Assert.Equal(new("Credit", "1a", true, null, later), await scripts.FindScriptAsync("Credit", Stop));
        Assert.Null(await scripts.FindScriptAsync("credit", Stop));
    }

    [Theory, OnEveryStore]
    public async Task The_current_version_matches_the_newest_definition(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await DeployAsync(scene.Scripts, First);
        await DeployAsync(scene.Scripts, Second);
        await AssertCurrentAsync("2b");

        await scene.Scripts.ActivateScriptAsync("Credit", "1a", A.FirstInstant.AddDays(-1), Stop);
        await AssertCurrentAsync("1a");

        await DeployAsync(scene.Scripts, Second with { Created = A.FirstInstant.AddDays(-2) });
        await AssertCurrentAsync("2b");

        async Task AssertCurrentAsync(string version)
        {
            Assert.Equal(version, (await scene.Store.FindDefinitionAsync("Credit", Stop))!.Version);
            Assert.Equal(version, Assert.Single(await scene.Store.DefinitionsAsync(Stop)).Version);
            Assert.Equal(version, (await scene.Scripts.FindScriptAsync("Credit", Stop))!.CurrentVersion);
        }
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task A_version_whose_definition_cannot_be_stored_is_not_stored_either(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        var broken = A.Definition("Credit", "1a") with { FlowChart = null! };

        await Assert.ThrowsAnyAsync<Exception>(() => scripts.DeployScriptAsync(First, broken, Stop));

        Assert.Empty(await scripts.ScriptVersionsAsync("Credit", Stop));
        Assert.Null(await scripts.FindScriptAsync("Credit", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_disabled_script_stays_disabled_until_enabled(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        await DeployAsync(scripts, First);
        var later = A.FirstInstant.AddDays(1);

        Assert.True(await scripts.EnableScriptAsync("Credit", enabled: false, later, Stop));

        Assert.Equal(new("Credit", "1a", false, null, later), await scripts.FindScriptAsync("Credit", Stop));
        await DeployAsync(scripts, Second);
        await scripts.ActivateScriptAsync("Credit", "1a", later, Stop);
        await scripts.SaveScriptDiagnosticsAsync("Credit", Faults, Stop);
        Assert.False((await scripts.FindScriptAsync("Credit", Stop))!.Enabled);
        Assert.True(await scripts.EnableScriptAsync("Credit", enabled: true, later, Stop));
        Assert.True((await scripts.FindScriptAsync("Credit", Stop))!.Enabled);
        Assert.False(await scripts.EnableScriptAsync("credit", enabled: true, later, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Errors_are_kept_until_a_version_is_accepted(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        await DeployAsync(scripts, First);
        var refused = new ScriptRecord("Credit", "1a", true, Faults, Faults.At);

        await scripts.SaveScriptDiagnosticsAsync("Credit", Faults, Stop);
        Assert.Equal(refused, await scripts.FindScriptAsync("Credit", Stop));
        Assert.Equal(["1a"], await VersionsAsync(scripts));

        var worse = Faults with { Version = "4d", Json = "[]" };
        await scripts.SaveScriptDiagnosticsAsync("Credit", worse, Stop);
        await scripts.EnableScriptAsync("Credit", enabled: true, Faults.At, Stop);
        Assert.Equal(refused with { Diagnostics = worse }, await scripts.FindScriptAsync("Credit", Stop));

        await scripts.ActivateScriptAsync("Credit", "1a", Faults.At, Stop);
        Assert.Equal(refused with { Diagnostics = null }, await scripts.FindScriptAsync("Credit", Stop));

        await scripts.SaveScriptDiagnosticsAsync("Credit", Faults, Stop);
        await DeployAsync(scripts, Second);
        Assert.Equal(new("Credit", "2b", true, null, Second.Created), await scripts.FindScriptAsync("Credit", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_script_without_an_accepted_version_has_no_current_version(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;

        await scripts.SaveScriptDiagnosticsAsync("Credit", Faults, Stop);

        Assert.Equal(new("Credit", null, true, Faults, Faults.At), await scripts.FindScriptAsync("Credit", Stop));
        Assert.Empty(await VersionsAsync(scripts));
        await DeployAsync(scripts, Second);
        Assert.Equal(new("Credit", "2b", true, null, Second.Created), await scripts.FindScriptAsync("Credit", Stop));
    }

    [Theory, OnEveryStore]
    public async Task The_revision_increases_with_each_change_only(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        var now = A.FirstInstant;
        await RisesAsync(() => DeployAsync(scripts, First));
        await RisesAsync(() => DeployAsync(scripts, First));
        await RisesAsync(() => DeployAsync(scripts, Second));
        await RisesAsync(() => scripts.ActivateScriptAsync("Credit", "1a", now, Stop));
        await RisesAsync(() => scripts.EnableScriptAsync("Credit", enabled: false, now, Stop));
        await RisesAsync(() => scripts.SaveScriptDiagnosticsAsync("Credit", Faults, Stop));
        await RisesAsync(() => scripts.SaveScriptDiagnosticsAsync("New", Faults, Stop));

        var before = await scripts.RevisionAsync(Stop);
        await scripts.ActivateScriptAsync("Credit", "none", now, Stop);
        await scripts.ActivateScriptAsync("New", "3c", now, Stop);
        await scripts.EnableScriptAsync("None", enabled: true, now, Stop);
        await scripts.ScriptsAsync(Stop);
        await scripts.FindScriptAsync("Credit", Stop);
        await scripts.ScriptVersionsAsync("Credit", Stop);
        await scripts.FindScriptVersionAsync("Credit", "1a", Stop);
        Assert.Equal(before, await scripts.RevisionAsync(Stop));

        async Task RisesAsync(Func<Task> change)
        {
            var seen = await scripts.RevisionAsync(Stop);
            await change();
            Assert.True(await scripts.RevisionAsync(Stop) > seen);
        }
    }

    [Theory, OnEveryStore]
    public async Task Concurrent_deployments_of_one_version_store_it_once(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number => Task.Run(() => DeployAsync(scripts, First with { Author = $"{number}" }), Stop))
        );

        var stored = Assert.Single(await scripts.ScriptVersionsAsync("Credit", Stop));
        Assert.Equal(First with { Author = stored.Author }, await scripts.FindScriptVersionAsync("Credit", "1a", Stop));
        Assert.Equal(20, await scripts.RevisionAsync(Stop));
    }

    [Theory, OnEveryStore]
    public async Task Concurrent_changes_of_different_scripts_do_not_conflict(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    Task.Run(
                        async () =>
                        {
                            var name = $"script {number % 5:00}";
                            await DeployAsync(scripts, First with { Name = name, Version = $"{number}" });
                            await scripts.SaveScriptDiagnosticsAsync(name, Faults, Stop);
                            Assert.True(await scripts.EnableScriptAsync(name, enabled: true, A.FirstInstant, Stop));
                            Assert.True(await scripts.ActivateScriptAsync(name, $"{number}", A.FirstInstant, Stop));
                        },
                        Stop
                    )
                )
        );

        Assert.Equal(80, await scripts.RevisionAsync(Stop));
        var all = await scripts.ScriptsAsync(Stop);
        Assert.Equal(Enumerable.Range(0, 5).Select(number => $"script {number:00}"), all.Select(script => script.Name));
        foreach (var script in all)
        {
            Assert.Equal(4, (await scripts.ScriptVersionsAsync(script.Name, Stop)).Count);
        }
    }

    [Theory, OnEveryStore]
    public async Task Sources_round_trip(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        const string Odd =
            "\ufeffemoji 🐹, 漢字, 'single' \"double\" \\n \t\r\n\n\0 \u0001\u007f\u2028 '; DROP TABLE scripts; -- ?1 $1 @name";
        var mebibyte = string.Concat(Enumerable.Repeat("let gopher = \"🐹\"\n", (1 << 20) / 18));
        var odd = First with
        {
            Source = Odd,
            Loaded = """{"a 🐹.fsx":"\u0000"}""",
            Author = "ann 'x' 🐹",
            Origin = "'",
        };
        ScriptVersionRecord[] all =
        [
            odd,
            odd with
            {
                Version = "1A",
                Source = "",
            },
            odd with
            {
                Version = "1a ",
                Source = "  ",
            },
            odd with
            {
                Name = "credit",
                Source = mebibyte,
                Loaded = mebibyte,
            },
            odd with
            {
                Name = "Credit ",
                Source = "ende\0",
            },
            odd with
            {
                Name = "Cr'e🐹dit",
                Version = "x\"y",
            },
        ];
        foreach (var version in all)
        {
            await DeployAsync(scripts, version);
        }

        foreach (var version in all)
        {
            Assert.Equal(version, await scripts.FindScriptVersionAsync(version.Name, version.Version, Stop));
        }

        Assert.Equal(["1a ", "1A", "1a"], await VersionsAsync(scripts));
        Assert.Equal(
            ["Cr'e🐹dit", "Credit", "Credit ", "credit"],
            (await scripts.ScriptsAsync(Stop)).Select(script => script.Name)
        );
    }

    [Theory, OnEveryStore]
    public async Task Instants_are_stored_in_UTC_with_microsecond_precision(StoreKind kind)
    {
        var scripts = (await OpenAsync(kind)).Scripts;
        var given = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(5.5)).AddTicks(1_234_567);
        var kept = given.ToUniversalTime().AddTicks(-7);

        await DeployAsync(scripts, First with { Created = given });
        Assert.Equal(kept, (await scripts.FindScriptAsync("Credit", Stop))!.Updated);
        Assert.Equal(kept, (await scripts.ScriptVersionsAsync("Credit", Stop))[0].Created);
        await scripts.EnableScriptAsync("Credit", enabled: true, given.AddDays(1), Stop);
        Assert.Equal(kept.AddDays(1), (await scripts.FindScriptAsync("Credit", Stop))!.Updated);
        await scripts.SaveScriptDiagnosticsAsync("Credit", Faults with { At = given.AddDays(2) }, Stop);
        Assert.Equal(kept.AddDays(2), (await scripts.FindScriptAsync("Credit", Stop))!.Diagnostics!.At);
        await scripts.ActivateScriptAsync("Credit", "1a", given.AddDays(3), Stop);
        Assert.Equal(kept.AddDays(3), (await scripts.FindScriptAsync("Credit", Stop))!.Updated);
    }

    private static async Task<IEnumerable<string>> VersionsAsync(IScriptStore scripts) =>
        (await scripts.ScriptVersionsAsync("Credit", Stop)).Select(version => version.Version);

    private static Task DeployAsync(IScriptStore scripts, ScriptVersionRecord version) =>
        scripts.DeployScriptAsync(version, A.Definition(version.Name, version.Version), Stop);
}
