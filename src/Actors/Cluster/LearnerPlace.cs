namespace Involute.Actors.Cluster;

/// <summary>A learner's place in a cluster: workers connect to it and compute the pairs.</summary>
/// <param name="Listen">Where it listens, as others reach it; port 0 for any that is free.</param>
/// <param name="Join">Where members may be found; empty to found a cluster.</param>
/// <param name="Encryption">Certificates; null to talk in the open.</param>
/// <param name="Bind">Where its socket is; null if others reach it there.</param>
public sealed record LearnerPlace(
    Endpoint Listen, IReadOnlyList<Endpoint> Join, Encryption? Encryption = null, Endpoint? Bind = null)
{
    /// <summary>Makes sure that this process can listen there, before a run is begun.</summary>
    /// <exception cref="IOException">It cannot; one line.</exception>
    public void RequireFree() => ListeningPlace.Require(Bind ?? Listen);
}
