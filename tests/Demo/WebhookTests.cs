using System.Net.Http.Json;
using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Stores.Sqlite;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GopherFlow.Demo.Tests;

/// <summary>Webhooks sent by real executors to a real web server.</summary>
public sealed class WebhookTests
{
    private const string OldSecret = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw";
    private const string NewSecret = "whsec_MTExMTExMTExMTExMTExMTExMTExMTEx";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_that_fails_twice_is_retried_with_the_same_id_until_it_succeeds()
    {
        await using var receiver = await WebhookReceiver.StartAsync(500, 503, 200);
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder, receiver, $"shop={OldSecret} shop={NewSecret}");

        await CreateAsync(host, "order-1");

        Received[] all = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Single(all.Select(each => each.Id).Distinct());
        Assert.All(all, each => Assert.True(each.IsSignedBy(OldSecret) && each.IsSignedBy(NewSecret)));
        Assert.All(all, each => Assert.False(each.IsSignedBy("whsec_MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy")));
        Assert.Equal(3, all.Select(each => each.Timestamp).Distinct().Count());
        var data = all[0].Event.GetProperty("data");
        Assert.Equal("workflow.finished", all[0].Event.GetProperty("type").GetString());
        Assert.Equal("order-1", data.GetProperty("externalId").GetString());
        Assert.Equal("thanks", data.GetProperty("output").GetString());
        var delivery = await EndOfAsync(host, all[0].Id);
        Assert.Equal((WorkflowStatus.Finished, "Delivered"), (delivery.Status, delivery.State));
        Assert.Equal(2, delivery.ExecutionCount - 1);
    }

    [Fact]
    public async Task A_delivery_answered_with_410_is_not_retried()
    {
        await using var receiver = await WebhookReceiver.StartAsync(410);
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder, receiver, $"shop={OldSecret}");

        await CreateAsync(host, "order-1");

        var delivery = await EndOfAsync(host, (await receiver.NextAsync()).Id);
        Assert.Equal((WorkflowStatus.Error, "Gone", 1), (delivery.Status, delivery.State, delivery.ExecutionCount));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync(200);
        await using var receiver = await WebhookReceiver.StartAsync(
            (number, context) =>
            {
                context.Response.StatusCode = number == 1 ? 307 : 200;
                context.Response.Headers.Location = elsewhere.Url;
                return Task.CompletedTask;
            }
        );
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder, receiver, $"shop={OldSecret}");

        await CreateAsync(host, "order-1");

        Assert.Equal((await receiver.NextAsync()).Id, (await receiver.NextAsync()).Id);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public async Task A_delivery_without_a_response_times_out_and_is_retried()
    {
        await using var receiver = await WebhookReceiver.StartAsync(
            (number, context) =>
                number == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted) : Task.CompletedTask
        );
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder, receiver, $"shop={OldSecret}", timeout: "100ms");

        await CreateAsync(host, "order-1");

        Assert.Equal((await receiver.NextAsync()).Id, (await receiver.NextAsync()).Id);
    }

    [Fact]
    public async Task Only_the_beginning_of_an_endless_response_is_read()
    {
        await using var receiver = await WebhookReceiver.StartAsync(
            async (number, context) =>
            {
                context.Response.StatusCode = number == 1 ? 500 : 200;
                while (number == 1 && !context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(new string('x', 4096), context.RequestAborted);
                }
            }
        );
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder, receiver, $"shop={OldSecret}", timeout: "1m");

        await CreateAsync(host, "order-1");

        var delivery = await EndOfAsync(host, (await receiver.NextAsync()).Id);
        Assert.Equal(("Delivered", 2), (delivery.State, delivery.ExecutionCount));
        var history = await host
            .Services.GetRequiredService<IWorkflowStore>()
            .ActionsAsync(new ActionSearch(delivery.Id, 10), Stop);
        var failure = history.Single(action => action.Entry.Error is not null).Entry.Error!;
        Assert.InRange($"{failure}".Length, 500, 700);
    }

    [Fact]
    public async Task A_webhook_whose_process_is_killed_is_delivered_by_the_next_process()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await WebhookReceiver.StartAsync(
            (number, context) =>
            {
                first.TrySetResult();
                return number == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted) : Task.CompletedTask;
            }
        );
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("scripts"));
        await File.WriteAllTextAsync(Path.Combine(folder.File("scripts"), "Told.fsx"), Script, Stop);
        var settings = await SharedDatabase.SettingsAsync("SQLITE", folder, Stop);
        settings["GFLOW_SCRIPTS_DIR"] = folder.File("scripts");
        settings["GFLOW_SCRIPTS_CACHE"] = folder.File("cache");
        settings["GFLOW_ENGINE_LEASE"] = "1s";
        settings["GFLOW_WEBHOOK_URLS"] = $"shop={receiver.Url}";
        settings["GFLOW_WEBHOOK_SECRETS"] = $"shop={OldSecret}";
        await using (var killed = DemoProcess.Start(folder.Path, settings))
        {
            await CreateOverHttpAsync(await killed.ListeningAsync(Stop));
            await first.Task.WaitAsync(Stop);
            killed.Kill();
        }

        await using var next = DemoProcess.Start(folder.Path, settings);

        var (lost, delivered) = (await receiver.NextAsync(), await receiver.NextAsync());
        Assert.Equal(lost.Id, delivered.Id);
        Assert.Equal(lost.Body, delivered.Body);
        Assert.True(delivered.IsSignedBy(OldSecret));
    }

    private const string Script = """
        open GopherFlow.FSharp

        let workflow =
            workflow "Told" {
                webhook "shop"
                start "Go" (fun (_: Step) -> goto "Done") [ "Done" ]
                finish "Done"
            }
        """;

    private static async Task CreateOverHttpAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-API-Key", SharedDatabase.ApiKey);
        var create = new
        {
            externalId = "order-1",
            executorGroup = "default",
            workflowType = "Told",
            businessKey = "order-1",
        };
        while (true)
        {
            // The script is deployed shortly after the server starts to listen, so retry.
            using var response = await http.PostAsJsonAsync("api/workflows", create, Stop);
            if (response.IsSuccessStatusCode)
            {
                return;
            }
        }
    }

    /// <summary>Starts an executor on a fast clock, which shortens the back-off between attempts.</summary>
    private static async Task<IHost> StartAsync(
        TemporaryFolder folder,
        WebhookReceiver receiver,
        string secrets,
        string timeout = "10s"
    )
    {
        var settings = new SettingsReader(name =>
            name switch
            {
                "GFLOW_WEBHOOK_URLS" => $"shop={receiver.Url}/hooks",
                "GFLOW_WEBHOOK_SECRETS" => secrets,
                "GFLOW_WEBHOOK_TIMEOUT" => timeout,
                _ => null,
            }
        );
        var flow = new GopherFlowRegistration();
        flow.UseSqlite(folder.File("hooks.db")).AddWorkflow<Thanks>();
        flow.ReadSettings(settings);
        settings.ThrowIfFaulty();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(EngineClocks.TurnedBy(new FastClock(20)));
        builder.Services.AddGopherFlowEngine(
            new EngineOptions { Lease = TimeSpan.FromHours(2), StuckWorkflowsInterval = TimeSpan.FromMinutes(10) },
            flow
        );
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    private static async Task CreateAsync(IHost host, string externalId) =>
        await host
            .Services.GetRequiredService<WorkflowOperations>()
            .CreateAsync(
                new CreateWorkflow
                {
                    ExternalId = externalId,
                    WorkflowType = nameof(Thanks),
                    BusinessKey = "test",
                },
                Stop
            );

    /// <summary>Waits for the end of the delivery workflow. Its external id is the webhook id.</summary>
    private static async Task<Rules.WorkflowRecord> EndOfAsync(IHost host, string id)
    {
        var store = host.Services.GetRequiredService<IWorkflowStore>();
        var delivery = await store.FindByExternalIdAsync(id, Stop);
        return (await host.Services.GetRequiredService<WorkflowOperations>().EndAsync(delivery!.Id, Stop))!;
    }

    [Webhook("shop")]
    private sealed class Thanks : Workflow
    {
        [Start, GoesTo(Done)]
        public NextState Say() => GoTo(Done).Returning("thanks");

        [End]
        public const string Done = "Done";
    }
}
