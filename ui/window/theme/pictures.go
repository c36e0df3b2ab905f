package theme

import "fyne.io/fyne/v2"

// pictures show an older person what to do with their hands. They are 480 by
// 320 and name colours by role.
var pictures = map[string]string{
	"card-on-reader": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="480" height="320">
<ellipse cx="240" cy="290" rx="190" ry="14" fill="{line}"/>
<path d="M80 214 L400 214 L432 272 A12 12 0 0 1 421 290 L59 290 A12 12 0 0 1 48 272 Z" fill="{surface}" stroke="{ink}" stroke-width="4" stroke-linejoin="round"/>
<path d="M134 232 L346 232 L360 264 L120 264 Z" fill="{wash}" stroke="{action}" stroke-width="3" stroke-linejoin="round"/>
<path d="M226 240 A18 18 0 0 1 254 240 M216 254 A30 30 0 0 1 264 254" fill="none" stroke="{action}" stroke-width="4" stroke-linecap="round"/>
<path d="M160 52 L320 52 A12 12 0 0 1 332 64 L332 150 A12 12 0 0 1 320 162 L160 162 A12 12 0 0 1 148 150 L148 64 A12 12 0 0 1 160 52 Z" fill="{surface}" stroke="{ink}" stroke-width="4"/>
<path d="M168 82 L204 82 L204 124 L168 124 Z" fill="{wash}" stroke="{ink}" stroke-width="3" stroke-linejoin="round"/>
<path d="M168 98 L204 98 M168 110 L204 110 M186 82 L186 124" fill="none" stroke="{ink}" stroke-width="3"/>
<path d="M224 86 L310 86 M224 104 L310 104 M224 122 L280 122" fill="none" stroke="{muted}" stroke-width="5" stroke-linecap="round"/>
<path d="M168 144 L246 144" fill="none" stroke="{seal}" stroke-width="5" stroke-linecap="round"/>
<path d="M240 174 L240 204 M224 190 L240 206 L256 190" fill="none" stroke="{action}" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`,
	"take-card": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="480" height="320">
<ellipse cx="240" cy="290" rx="190" ry="14" fill="{line}"/>
<path d="M80 214 L400 214 L432 272 A12 12 0 0 1 421 290 L59 290 A12 12 0 0 1 48 272 Z" fill="{surface}" stroke="{ink}" stroke-width="4" stroke-linejoin="round"/>
<path d="M134 232 L346 232 L360 264 L120 264 Z" fill="{canvas}" stroke="{edge}" stroke-width="3" stroke-linejoin="round"/>
<path d="M160 82 L320 82 A12 12 0 0 1 332 94 L332 180 A12 12 0 0 1 320 192 L160 192 A12 12 0 0 1 148 180 L148 94 A12 12 0 0 1 160 82 Z" fill="{surface}" stroke="{ink}" stroke-width="4"/>
<path d="M168 112 L204 112 L204 154 L168 154 Z" fill="{wash}" stroke="{ink}" stroke-width="3" stroke-linejoin="round"/>
<path d="M168 128 L204 128 M168 140 L204 140 M186 112 L186 154" fill="none" stroke="{ink}" stroke-width="3"/>
<path d="M224 116 L310 116 M224 134 L310 134 M224 152 L280 152" fill="none" stroke="{muted}" stroke-width="5" stroke-linecap="round"/>
<path d="M168 174 L246 174" fill="none" stroke="{seal}" stroke-width="5" stroke-linecap="round"/>
<path d="M240 66 L240 26 M222 44 L240 26 L258 44" fill="none" stroke="{action}" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`,
	"ticket": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="480" height="320">
<ellipse cx="240" cy="296" rx="170" ry="12" fill="{line}"/>
<path d="M96 150 L384 150 A14 14 0 0 1 398 164 L398 280 A14 14 0 0 1 384 294 L96 294 A14 14 0 0 1 82 280 L82 164 A14 14 0 0 1 96 150 Z" fill="{surface}" stroke="{ink}" stroke-width="4"/>
<path d="M130 178 L350 178" fill="none" stroke="{ink}" stroke-width="8" stroke-linecap="round"/>
<path d="M164 178 L164 40 L178 28 L192 40 L206 28 L220 40 L234 28 L248 40 L262 28 L276 40 L290 28 L304 40 L316 28 L316 178 Z" fill="{surface}" stroke="{ink}" stroke-width="4" stroke-linejoin="round"/>
<path d="M190 66 L290 66" fill="none" stroke="{muted}" stroke-width="5" stroke-linecap="round"/>
<path d="M204 88 L204 128 M204 88 L196 94 M228 88 L252 88 L236 128 M268 88 L284 88 L284 128 L268 128 Z" fill="none" stroke="{action}" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>
<path d="M190 150 L290 150" fill="none" stroke="{muted}" stroke-width="5" stroke-linecap="round"/>
<path d="M330 240 L354 240" fill="none" stroke="{good}" stroke-width="8" stroke-linecap="round"/>
</svg>`,
	"person": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 160" width="120" height="160">
<path d="M0 0 L120 0 L120 160 L0 160 Z" fill="{canvas}"/>
<path d="M60 34 A26 28 0 1 1 60 90 A26 28 0 1 1 60 34 M12 160 A48 50 0 0 1 108 160" fill="none" stroke="{edge}" stroke-width="3" stroke-linecap="round"/>
</svg>`,
}

// Picture is a drawn picture by name, or nil: "card-on-reader", "take-card",
// "ticket", and "person" where there is no portrait.
func (t *Theme) Picture(name string) fyne.Resource {
	svg, ok := pictures[name]
	if !ok {
		return nil
	}
	return fyne.NewStaticResource(name+string(t.Mode)+".svg", []byte(t.paint(svg)))
}
