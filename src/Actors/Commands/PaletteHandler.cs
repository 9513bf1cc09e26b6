using Akka.Actor;

namespace Involute.Commands;

/// <summary>A palette, and the actors that carry its commands out.</summary>
/// <param name="Palette">What clients download.</param>
/// <param name="Props">Makes the <see cref="CommandHandler"/> of one call; it is stopped when the call is over.</param>
public sealed record PaletteHandler(Palette Palette, Func<Props> Props)
{
    /// <summary>A palette whose handlers are all made by the same <see cref="Akka.Actor.Props"/>.</summary>
    /// <param name="palette">What clients download.</param>
    /// <param name="props">Makes the handler of one call. To make it anew for each call costs more than most commands.</param>
    public PaletteHandler(Palette palette, Props props)
        : this(palette, () => props)
    {
    }
}
