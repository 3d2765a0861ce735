namespace GopherFlow.Ordering;

public sealed record Order(string Customer, decimal Total, string[] Articles);

public sealed record Decision(bool Approved);

public sealed record Payment(decimal Amount);

public sealed record Receipt(string Customer, decimal Paid, int Grams);

/// <summary>The external systems of the shop. Each call has an idempotency key.</summary>
public interface IShop
{
    Task ReserveAsync(string[] articles, string key);
    Task ReleaseAsync(string key);
    Task RefundAsync(string key);
    Task ShipAsync(string customer, int grams, string key);
}

/// <summary>A fake shop that records its calls.</summary>
public sealed class PaperShop : IShop
{
    public List<string> Lines { get; } = [];

    public Task ReserveAsync(string[] articles, string key) => WriteAsync($"reserve {articles.Length} as {key}");

    public Task ReleaseAsync(string key) => WriteAsync($"release {key}");

    public Task RefundAsync(string key) => WriteAsync($"refund {key}");

    public Task ShipAsync(string customer, int grams, string key) => WriteAsync($"ship {grams} g to {customer}");

    private Task WriteAsync(string line)
    {
        Lines.Add(line);
        return Task.CompletedTask;
    }
}
