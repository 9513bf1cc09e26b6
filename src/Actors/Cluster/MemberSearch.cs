namespace Involute.Actors.Cluster;

/// <summary>Finds out by which names the places that a process was given are known in the cluster.</summary>
/// <param name="places">Where members may be.</param>
/// <param name="own">The name of this process.</param>
/// <param name="encryption">Certificates; null to talk in the open.</param>
/// <param name="tell">Hears one line when something about a place is found out that was not known before.</param>
internal sealed class MemberSearch(
    IReadOnlyList<Endpoint> places, Endpoint own, Encryption? encryption, Action<string> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Endpoint, string> _told = [];

    /// <summary>What was found out last, in the order of the places.</summary>
    public IReadOnlyList<Introduction> Found { get; private set; } = [];

    /// <summary>Why none of the places is a member, in one line.</summary>
    public string Reasons => string.Join("; ", Found.Select(found => found.Reason).Where(reason => reason.Length > 0));

    /// <summary>
    /// Why members could not reach this process where it listens, in one line; null if they could, as far as is known.
    /// </summary>
    public string? Unreachable =>
        own.IsLoopback && Found.FirstOrDefault(found => found.Elsewhere is not null) is { } far
        ? $"--listen {own}: {far.Asked} is another machine, which cannot reach this process there; allowed: --listen "
            + $"{new Endpoint(far.Elsewhere!, 0)}"
        : null;

    /// <summary>Where the search came to an end: of several places the one that came furthest counts.</summary>
    public WorkerStep Step => Found.Select(found => found.Obstacle).DefaultIfEmpty(Obstacle.Port).Max() switch
    {
        Obstacle.Name => WorkerStep.Name,
        Obstacle.Certificate => WorkerStep.Certificate,
        _ => WorkerStep.Port,
    };

    /// <summary>
    /// Asks until a place answers, or the time is over; a place that is this process itself is an answer, too.
    /// </summary>
    /// <returns>The names of the places; empty if none answered.</returns>
    public async Task<IReadOnlyList<Endpoint>> FindAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Found = await Task.WhenAll(places.Select(place => AskAsync(place, cancellation))).ConfigureAwait(false);
            Found.ToList().ForEach(Tell);
            if (Found.Any(found => found.Obstacle == Obstacle.None))
            {
                return [.. Found.Select(found => found.Name)];
            }

            if (TimeProvider.System.GetElapsedTime(began) + Pause >= patience)
            {
                return [];
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    // A member that is known by another name must be reachable by that one, too.
    private async Task<Introduction> AskAsync(Endpoint place, CancellationToken cancellation)
    {
        if (place == own)
        {
            return new Introduction(place, Obstacle.None, string.Empty, own);
        }

        var met = await MemberProbe
            .AskAsync(place, encryption, MemberProbe.UsualPatience, cancellation).ConfigureAwait(false);
        if (met.Obstacle != Obstacle.None || met.Name == place || met.Name == own)
        {
            return met;
        }

        var named = await MemberProbe
            .AskAsync(met.Name, encryption, MemberProbe.UsualPatience, cancellation).ConfigureAwait(false);
        return named.Obstacle == Obstacle.None && named.Name == met.Name
            ? met
            : Introduction.Failed(
                place, named.Obstacle == Obstacle.None ? Obstacle.Name : named.Obstacle,
                $"the process there is known as {met.Name} (its --listen), where this one does not find it"
                    + (named.Reason.Length > 0 ? $" ({named.Reason})" : string.Empty));
    }

    private void Tell(Introduction found)
    {
        var line = found.Obstacle != Obstacle.None ? $"waiting for {found.Reason}"
            : found.Name != found.Asked && found.Name != own ? $"{found.Asked} is {found.Name} in the cluster"
            : string.Empty;
        if (line.Length > 0 && _told.GetValueOrDefault(found.Asked) != line)
        {
            tell(line);
        }

        _told[found.Asked] = line;
    }
}
