using GopherFlow.Demo.Tests;

namespace GopherFlow.EndToEnd.Tests;

/// <summary>The system with one script, and a browser: one process on SQLite, or a server and an executor process on PostgreSQL.</summary>
internal sealed class Place : IAsyncDisposable
{
    public const string Password = "not the default one";

    private readonly TemporaryFolder folder = new();
    private readonly List<DemoProcess> processes = [];
    private Dictionary<string, string> serverSettings = [];

    /// <summary>The address of the server that the browser uses.</summary>
    public Uri Address { get; private set; } = null!;

    public TestBrowser Browser { get; private set; } = null!;

    public static async Task<Place> OpenAsync(string database, CancellationToken cancellation)
    {
        var place = new Place();
        var scripts = Directory.CreateDirectory(place.folder.File("scripts")).FullName;
        File.Copy(Repository.PathOf("tests/EndToEnd/Payment.fsx"), Path.Combine(scripts, "Payment.fsx"));
        var settings = new Dictionary<string, string>(
            await SharedDatabase.SettingsAsync(database, place.folder, cancellation)
        )
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["GFLOW_ADMIN_PASSWORD"] = Password,
            ["GFLOW_SCRIPTS_DIR"] = scripts,
            ["GFLOW_SCRIPTS_CACHE"] = place.folder.File("cache"),
        };
        if (database == "POSTGRES")
        {
            await place.StartAsync(new(settings) { ["GFLOW_SERVER_ENABLED"] = "false" }, cancellation);
            settings["GFLOW_ENGINE_ENABLED"] = "false";
        }

        place.serverSettings = settings;
        place.Address = await place.StartAsync(settings, cancellation);
        using var api = await ApiCaller.SignInAsync(place.Address, Password, cancellation);
        await api.HasDefinitionAsync("Payment", cancellation);
        place.Browser = await TestBrowser.OpenAsync(place.Address);
        return place;
    }

    /// <summary>Kills the server that the browser uses, like kill -9.</summary>
    public void KillServer() => processes[^1].Kill();

    /// <summary>Starts the server again at the same address.</summary>
    public Task StartServerAsync(CancellationToken cancellation) =>
        StartAsync(new(serverSettings) { ["HTTP_ADDR"] = Address.Authority }, cancellation);

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        folder.Dispose();
    }

    private async Task<Uri> StartAsync(Dictionary<string, string> settings, CancellationToken cancellation)
    {
        var process = DemoProcess.Start(folder.Path, settings);
        processes.Add(process);
        return await process.ListeningAsync(cancellation);
    }
}
