namespace Involute.Hosting.Configuration;

/// <summary>One parsed text.</summary>
/// <param name="Root">All keys but <c>akka</c>.</param>
/// <param name="Akka">The text of every <c>akka</c> entry, as written, for Akka's own parser.</param>
internal sealed record HoconDocument(HoconBlock Root, IReadOnlyList<string> Akka);
