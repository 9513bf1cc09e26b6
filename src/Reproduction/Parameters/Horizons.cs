using System.Globalization;

namespace Involute.Reproduction.Parameters;

/// <summary>One horizon, or several with their probabilities: <c>10</c>, or <c>2:0.5,3:0.3,7:0.2</c>.</summary>
internal sealed record HorizonTable(IReadOnlyList<(int Horizon, double Probability)> Entries)
{
    /// <summary>Mean horizon.</summary>
    public double Mean => Entries.Sum(entry => entry.Horizon * entry.Probability);

    /// <summary>Largest horizon.</summary>
    public int Longest => Entries.Max(entry => entry.Horizon);

    /// <summary>Whether all trajectories are equally long.</summary>
    public bool IsConstant => Entries.Count == 1;

    /// <summary>The text of the table, as a user writes it.</summary>
    public override string ToString() => IsConstant
        ? Entries[0].Horizon.ToString(CultureInfo.InvariantCulture)
        : string.Join(
            ',', Entries.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Horizon}:{e.Probability}")));
}

/// <summary>A parameter that is a table of horizons.</summary>
internal sealed record Horizons(string Name, int Published, int Most, string Help)
    : Parameter(Name, new HorizonTable([(Published, 1)]), Help)
{
    public override string Allowed => $"a horizon from 1 to {Most}, or several as 2:0.5,3:0.3,7:0.2";

    protected override object? Read(string text)
    {
        var parts = text.Split(',');
        var entries = new List<(int Horizon, double Probability)>();
        foreach (var part in parts)
        {
            var colon = part.IndexOf(':');
            var probability = colon >= 0 ? Number(part[(colon + 1)..]) : parts.Length == 1 ? 1 : null;
            if (!int.TryParse(
                colon >= 0 ? part[..colon] : part, NumberStyles.None, CultureInfo.InvariantCulture, out var horizon)
                || horizon < 1 || horizon > Most || probability is not > 0)
            {
                return null;
            }

            entries.Add((horizon, probability.Value));
        }

        return Math.Abs(entries.Sum(entry => entry.Probability) - 1) < 1e-9 ? new HorizonTable(entries) : null;
    }
}
