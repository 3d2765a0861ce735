using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Questions.Running;
using GopherFlow.Stores.Sqlite;

namespace GopherFlow.Questions;

public sealed record Address(string To);

[Workflow("Delivery", Version = "1")]
public sealed partial class DeliveryOfYesterday : Workflow<Address>
{
    [Start]
    public NextState Pack() => WaitFor("collected").Then(To.Deliver);

    [State]
    public NextState Deliver() => To.Done;

    [End]
    private const string Done = "Done";
}

public sealed record Parcel(string Receiver, int Pieces);

// The states are the same, so the version stays the same, and workflows in flight continue with this code. Their data has other names.
[Workflow("Delivery", Version = "1")]
public sealed partial class DeliveryOfToday : Workflow<Parcel, string>
{
    protected override void Upgrade(JsonObject data)
    {
        if (data.Remove("to", out var receiver))
        {
            data["receiver"] = receiver;
            data["pieces"] = 1;
        }
    }

    [Start]
    public NextState Pack() => WaitFor("collected").Then(To.Deliver);

    [State]
    public NextState Deliver() => To.Done;

    [End]
    public string Done() => $"{Data.Pieces} for {Data.Receiver}";
}

public static class Upgrade
{
    public static async Task RunAsync(TextWriter output)
    {
        using var file = new DatabaseFile();
        await using (var yesterday = await StartAsync<DeliveryOfYesterday>(file))
        {
            await yesterday.Client.StartAsync("Delivery", "parcel-1", new Address("Ada"));
        }

        await using var today = await StartAsync<DeliveryOfToday>(file);
        var parcel = today.Client.Handle("parcel-1");
        await parcel.SignalAsync("collected");

        Check.Equal("1 for Ada", await parcel.ResultAsync<string>());
        output.WriteLine((await parcel.QueryAsync()).Data);
    }

    private static Task<RunningEngine> StartAsync<TDelivery>(DatabaseFile file)
        where TDelivery : Workflow =>
        RunningEngine.StartAsync(flow => flow.UseSqlite(file.Path).AddWorkflow<TDelivery>());
}
