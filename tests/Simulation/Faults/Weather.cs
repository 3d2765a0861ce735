namespace GopherFlow.Simulation;

/// <summary>How often which fault strikes a call of the store. Each seed has a weather of its own; in the end it clears up.</summary>
internal sealed class Weather
{
    private static readonly double[] Rare = [0, 0.002, 0.005, 0.015];
    private static readonly double[] Common = [0, 0.02, 0.06, 0.15];

    public Weather(Chance chance)
    {
        Kill = chance.One(Rare);
        Pause = chance.One(Rare);
        LoseAnswer = chance.One(Common);
        FailBefore = chance.One(Common);
        Delay = chance.One(Common);
        FailClaim = FailBefore;
    }

    /// <summary>The process dies: before the call, after it, or at any other of its continuations.</summary>
    public double Kill { get; private set; }

    /// <summary>The process stands still, perhaps beyond its lease, and continues as if nothing had been.</summary>
    public double Pause { get; private set; }

    /// <summary>The call has its effect, but the caller hears of an error.</summary>
    public double LoseAnswer { get; private set; }

    /// <summary>The call fails without effect.</summary>
    public double FailBefore { get; private set; }

    /// <summary>The same for claims, which an executor has to repeat at once.</summary>
    public double FailClaim { get; private set; }

    /// <summary>The request or its answer takes its time, now and then up to twice a lease.</summary>
    public double Delay { get; private set; }

    public void ClearUp(double failClaim = 0) =>
        (Kill, Pause, LoseAnswer, FailBefore, Delay, FailClaim) = (0, 0, 0, 0, 0, failClaim);
}

/// <summary>A fault of the connection: the same call may well succeed later.</summary>
internal sealed class ConnectionLostException(string what) : Exception($"The connection was lost {what}.");
