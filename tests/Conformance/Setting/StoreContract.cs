namespace GopherFlow.Conformance.Setting;

/// <summary>
/// What every test of the contract stands on: it opens the store that it tests, and when it is over, whatever it did, the store
/// must keep the invariants.
/// </summary>
public abstract class StoreContract : IAsyncLifetime
{
    private Scene? scene;

    /// <summary>Cancelled when the test is to end.</summary>
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

    /// <summary>A fresh store of a kind, with one executor that lives.</summary>
    protected async Task<Scene> OpenAsync(StoreKind kind) => scene = await Scene.OpenAsync(kind);
}
