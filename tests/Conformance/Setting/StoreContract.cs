namespace GopherFlow.Conformance.Setting;

/// <summary>
/// Base class of the contract tests: opens the store under test, and checks the invariants of the store after each test.
/// </summary>
public abstract class StoreContract : IAsyncLifetime
{
    private Scene? scene;

    /// <summary>Cancelled when the test must end.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (scene is null)
        {
            return;
        }

        await using (scene)
        {
            await StoreInvariants.CheckAsync(scene.Store);
        }
    }

    /// <summary>Opens a new store of a kind, with one live executor.</summary>
    protected async Task<Scene> OpenAsync(StoreKind kind) => scene = await Scene.OpenAsync(kind);
}
