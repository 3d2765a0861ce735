using System.Text.Json;
using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The audit log.</summary>
public sealed class AuditTests : StoreContract
{
    private static readonly AuditEntry Entry = new()
    {
        Actor = "ann",
        Action = "workflow.cancel",
        TargetKind = "workflow",
        Outcome = AuditOutcome.Done,
    };

    [Theory, OnEveryStore]
    public async Task An_entry_is_stored_unchanged_with_the_time_of_the_database(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var full = new AuditEntry
        {
            Actor = "Änne",
            UserId = 7,
            ApiKeyId = 8,
            Address = "2001:db8::1",
            Action = "user.change",
            TargetKind = "user",
            TargetId = "9 🦫",
            Outcome = AuditOutcome.Refused,
            Before = """{"role":"viewer"}""",
            After = """{"role":"admin"}""",
            RequestId = "0af7651916cd43dd8448eb211c80319c",
        };

        await scene.Audit.AppendAsync([Entry, full], Stop);
        await scene.Audit.AppendAsync([], Stop);

        var records = await scene.Audit.SearchAsync(new AuditSearch(10), Stop);
        Assert.Equal([full, Entry], records.Select(record => record.Entry));
        Assert.All(records, record => Assert.Equal(scene.Now, record.At));
        Assert.True(records[0].Id > records[1].Id);
    }

    [Theory, OnEveryStore]
    public async Task A_create_writes_its_entry_in_its_own_transaction_with_its_id_as_target(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var full = Entry with { UserId = 7, ApiKeyId = 8, Address = "::1", After = "{}", RequestId = "r1" };

        var together = await scene.CreateAsync(
            A.Workflow("first"),
            A.Workflow("second") with
            {
                Audit = full with { Actor = "bob" },
            },
            A.Workflow("third") with
            {
                Audit = full,
            }
        );

        await AssertEnteredAsync(together.Creates[2], together.Creates[1]);

        // One external id exists already, so this batch cannot be written without reading first.
        var again = await scene.CreateAsync(
            A.Workflow("first") with
            {
                Audit = full,
            },
            A.Workflow("fourth") with
            {
                Audit = full,
            }
        );

        Assert.True(again.Creates[0].Existed);
        await AssertEnteredAsync(again.Creates[1], together.Creates[2], together.Creates[1]);
        Assert.Equal(
            "CREATED",
            Assert.Single(await scene.HistoryAsync(await scene.FindAsync(again.Creates[1].Id))).Entry.Kind.ToName()
        );

        async Task AssertEnteredAsync(params IEnumerable<CreateOutcome> creates)
        {
            var records = await scene.Audit.SearchAsync(new AuditSearch(10), Stop);
            Assert.Equal(creates.Select(create => $"{create.Id}"), records.Select(record => record.Entry.TargetId));
            Assert.All(records, record => Assert.Equal(scene.Now, record.At));
            Assert.All(
                records,
                record =>
                    Assert.Equal(
                        full with
                        {
                            Actor = record.Entry.Actor,
                            TargetId = record.Entry.TargetId,
                        },
                        record.Entry
                    )
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task Each_filter_excludes_other_entries(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var actor in (string[])["ann", "bob"])
        {
            foreach (var action in (string[])["workflow.cancel", "workflow.create", "workflows.x", "user.create"])
            {
                foreach (var target in (string[])["1", "11"])
                {
                    var kindOf = action.Split('.')[0];
                    await scene.Audit.AppendAsync(
                        [Entry with { Actor = actor, Action = action, TargetKind = kindOf, TargetId = target }],
                        Stop
                    );
                    scene.Pass(seconds: 1);
                }
            }
        }

        var first = A.FirstInstant;
        Assert.Equal(16, await CountAsync(new AuditSearch(100)));
        Assert.Equal(3, await CountAsync(new AuditSearch(3)));
        Assert.Equal(8, await CountAsync(new AuditSearch(100) { Actor = "ann" }));
        Assert.Equal(0, await CountAsync(new AuditSearch(100) { Actor = "Ann" }));
        Assert.Equal(0, await CountAsync(new AuditSearch(100) { Actor = "ann " }));
        Assert.Equal(8, await CountAsync(new AuditSearch(100) { ActionPrefix = "workflow." }));
        Assert.Equal(12, await CountAsync(new AuditSearch(100) { ActionPrefix = "workflow" }));
        Assert.Equal(0, await CountAsync(new AuditSearch(100) { ActionPrefix = "Workflow%" }));
        Assert.Equal(16, await CountAsync(new AuditSearch(100) { ActionPrefix = "" }));
        Assert.Equal(4, await CountAsync(new AuditSearch(100) { TargetKind = "user" }));
        Assert.Equal(2, await CountAsync(new AuditSearch(100) { TargetKind = "user", TargetId = "1" }));
        Assert.Equal(
            1,
            await CountAsync(
                new AuditSearch(9)
                {
                    TargetKind = "user",
                    TargetId = "1",
                    Actor = "bob",
                }
            )
        );
        Assert.Equal(2, await CountAsync(new AuditSearch(9) { ActionPrefix = "user.", Actor = "bob" }));
        Assert.Equal(6, await CountAsync(new AuditSearch(100) { From = first.AddSeconds(10) }));
        Assert.Equal(10, await CountAsync(new AuditSearch(100) { To = first.AddSeconds(10) }));
        Assert.Equal(1, await CountAsync(new AuditSearch(9) { From = first.AddSeconds(3), To = first.AddSeconds(4) }));

        async Task<int> CountAsync(AuditSearch search) => (await scene.Audit.SearchAsync(search, Stop)).Count;
    }

    [Theory, OnEveryStore]
    public async Task The_log_is_read_page_by_page(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var entries = Enumerable.Range(0, 25).Select(number => Entry with { TargetId = $"{number}" }).ToList();
        await scene.Audit.AppendAsync(entries.GetRange(0, 12), Stop);
        scene.Pass(seconds: 1);
        await scene.Audit.AppendAsync(entries.GetRange(12, 13), Stop);
        var all = new AuditSearch(10) { TargetKind = "workflow" };

        foreach (
            var pages in (AuditSearch[])
                [new(10), all, all with { Actor = "ann" }, all with { To = scene.Now.AddDays(1) }]
        )
        {
            var read = new List<AuditEntry>();
            for (long? before = null; ; )
            {
                var page = await scene.Audit.SearchAsync(pages with { BeforeId = before }, Stop);
                if (page.Count == 0)
                {
                    break;
                }

                read.AddRange(page.Select(record => record.Entry));
                before = page[^1].Id;
            }

            Assert.Equal(entries.AsEnumerable().Reverse(), read);
        }

        var oldest = (await scene.Audit.SearchAsync(new AuditSearch(100), Stop)).Reverse().ToList();
        var late = new AuditSearch(100) { To = scene.Now, BeforeId = oldest[2].Id };
        Assert.Equal([oldest[1], oldest[0]], await scene.Audit.SearchAsync(late, Stop));
        Assert.Empty(await scene.Audit.SearchAsync(all with { BeforeId = oldest[^1].Id + 1_000_000 }, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Long_or_unusual_details_are_truncated_and_stay_JSON(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var big = JsonSerializer.Serialize(new { text = new string('x', AuditEntry.LongestJson) });
        await scene.Audit.AppendAsync(
            [
                Entry with
                {
                    Actor = new string('ä', 5000),
                    Action = new string('a', 5000),
                    TargetKind = new string('k', 5000),
                    TargetId = string.Concat(Enumerable.Repeat("🦫", 500)),
                    Address = "a\0\ud800",
                    RequestId = new string('r', 5000),
                    Before = big,
                    After = "\"\0\"",
                },
            ],
            Stop
        );

        var kept = Assert.Single(await scene.Audit.SearchAsync(new AuditSearch(10), Stop)).Entry;
        Assert.Equal((100, 100, 500), (kept.Actor.Length, kept.Action.Length, kept.TargetId.Length));
        Assert.Equal("a\ufffd\ufffd", kept.Address);
        using var note = JsonDocument.Parse(kept.Before!);
        Assert.Equal(big.Length, note.RootElement.GetProperty("length").GetInt32());
        Assert.StartsWith("{\"text\":\"xxx", note.RootElement.GetProperty("beginning").GetString());
        Assert.Equal("\"\ufffd\"", kept.After);
    }
}
