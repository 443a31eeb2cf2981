/** A service's colour as a dot, with two letters when the colour is used twice. */
export function ServiceDot({ colour, monogram }: { readonly colour: number; readonly monogram: string }) {
  return (
    <span className={`service-dot is-service-${colour}${monogram === '' ? '' : ' has-monogram'}`} aria-hidden="true">
      {monogram}
    </span>
  );
}
